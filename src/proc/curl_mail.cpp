// SPDX-License-Identifier: Apache-2.0
#include "proc/curl_mail.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstring>
#include <string_view>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <curl/curl.h>
#include <fmt/format.h>

namespace hald::proc {
namespace {

/// libcurl looks once a second whether it is to give up; what then runs on into the end of the process would
/// use what has been taken down.
constexpr HelperThreads::Setup kThread{.threads = 1, .farewell = std::chrono::milliseconds(1500)};

template <auto Free>
struct Freer {
  template <typename T>
  void operator()(T* what) const {
    Free(what);
  }
};
using Easy = std::unique_ptr<CURL, Freer<curl_easy_cleanup>>;
using Url = std::unique_ptr<CURLU, Freer<curl_url_cleanup>>;
using List = std::unique_ptr<curl_slist, Freer<curl_slist_free_all>>;

long milliseconds(Duration time) {
  return static_cast<long>(
      std::max<Duration::rep>(1, std::chrono::ceil<std::chrono::milliseconds>(time).count()));
}

/// One mail, from the beginning to the end, on the thread.
class Conversation {
 public:
  Conversation(const SmtpServer& server, const Letter& letter, const std::atomic<bool>& cancelled)
      : server_(server),
        rest_(letter.text),
        cancelled_(cancelled),
        easy_(curl_easy_init()),  // the first one prepares libcurl, which nobody but this thread uses
        url_(curl_url()) {
    for (const auto& address : letter.to)
      recipients_.reset(curl_slist_append(recipients_.release(), ('<' + address + '>').c_str()));
    sender_ = '<' + letter.from + '>';
  }

  [[nodiscard]] std::optional<MailFailure> hold() {
    if (!easy_ || !url_ || !recipients_) return MailFailure{false, "out of memory"};
    if (!set_url()) return MailFailure{true, fmt::format("{} is no mail server's name", server_.host)};
    set_dialogue();
    set_security();
    const CURLcode code = curl_easy_perform(easy_.get());
    if (code == CURLE_OK) return {};
    return failure(code);
  }

 private:
  template <typename Value>
  void set(CURLoption option, Value value) {
    curl_easy_setopt(easy_.get(), option, value);
  }
  bool set_part(CURLUPart part, const std::string& value, unsigned flags = 0) {
    return curl_url_set(url_.get(), part, value.c_str(), flags) == CURLUE_OK;
  }

  /// Part by part: no host name can be mistaken for something else.
  bool set_url() {
    const bool is_v6 = server_.host.find(':') != std::string::npos;
    const bool tls = server_.tls == SmtpServer::Tls::Implicit;
    return set_part(CURLUPART_SCHEME, tls ? "smtps" : "smtp") &&
           set_part(CURLUPART_HOST, is_v6 ? '[' + server_.host + ']' : server_.host) &&
           set_part(CURLUPART_PORT, fmt::format("{}", server_.port)) &&
           set_part(CURLUPART_PATH, '/' + server_.helo_name, CURLU_URLENCODE);
  }

  void set_dialogue() {
    set(CURLOPT_CURLU, url_.get());
    set(CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    set(CURLOPT_MAIL_FROM, sender_.c_str());
    set(CURLOPT_MAIL_RCPT, recipients_.get());
    set(CURLOPT_MAIL_RCPT_ALLLOWFAILS, 1L);  // one bad recipient does not cost the others the mail
    set(CURLOPT_UPLOAD, 1L);
    set(CURLOPT_READFUNCTION, &Conversation::read);
    set(CURLOPT_READDATA, this);
    set(CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(rest_.size()));
    set(CURLOPT_CONNECTTIMEOUT_MS, milliseconds(server_.timeout));
    set(CURLOPT_TIMEOUT_MS, milliseconds(2 * server_.timeout));
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_QUICK_EXIT, 1L);
    set(CURLOPT_NOPROGRESS, 0L);
    set(CURLOPT_XFERINFOFUNCTION, &Conversation::progress);
    set(CURLOPT_XFERINFODATA, this);
    set(CURLOPT_ERRORBUFFER, text_.data());
  }

  void set_security() {
    set(CURLOPT_USE_SSL,
        static_cast<long>(server_.tls == SmtpServer::Tls::None ? CURLUSESSL_NONE : CURLUSESSL_ALL));
    set(CURLOPT_SSL_VERIFYPEER, server_.verify ? 1L : 0L);
    set(CURLOPT_SSL_VERIFYHOST, server_.verify ? 2L : 0L);
    if (!server_.ca_file.empty()) {
      set(CURLOPT_CAINFO, server_.ca_file.c_str());
      set(CURLOPT_CAPATH, static_cast<const char*>(nullptr));
    }
    if (server_.user.empty()) return;
    set(CURLOPT_USERNAME, server_.user.c_str());
    set(CURLOPT_PASSWORD, server_.password.c_str());
  }

  [[nodiscard]] MailFailure failure(CURLcode code) {
    long reply = 0;
    curl_easy_getinfo(easy_.get(), CURLINFO_RESPONSE_CODE, &reply);
    const char* text = text_[0] != '\0' ? text_.data() : curl_easy_strerror(code);
    return {reply >= 500 || code == CURLE_LOGIN_DENIED,
            fmt::format("{} (port {}): {}", server_.host, server_.port, text)};
  }

  static std::size_t read(char* into, std::size_t size, std::size_t count, void* self) {
    auto& rest = static_cast<Conversation*>(self)->rest_;
    const std::size_t length = std::min(size * count, rest.size());
    std::memcpy(into, rest.data(), length);
    rest.remove_prefix(length);
    return length;
  }
  static int progress(void* self, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
    return static_cast<Conversation*>(self)->cancelled_ ? 1 : 0;
  }

  const SmtpServer& server_;
  std::string_view rest_;
  const std::atomic<bool>& cancelled_;
  std::string sender_;
  std::array<char, CURL_ERROR_SIZE> text_{};
  // The handle goes before what it uses.
  List recipients_;
  Easy easy_;
  Url url_;
};

/// What the thread works on.
struct Job {
  SmtpServer server;
  Letter letter;
  std::atomic<bool> cancelled = false;
  std::optional<MailFailure> failure{};
};

class CurlDelivery final : public Delivery {
 public:
  explicit CurlDelivery(std::shared_ptr<Job> job) : job_(std::move(job)) {}
  ~CurlDelivery() override { job_->cancelled = true; }

 private:
  std::shared_ptr<Job> job_;
};

}  // namespace

CurlMail::CurlMail(boost::asio::io_context& io) : io_(io), thread_(io, kThread) {}

std::unique_ptr<Delivery> CurlMail::send(SmtpServer server, Letter letter, Done done) {
  auto job = std::make_shared<Job>();
  job->server = std::move(server);
  job->letter = std::move(letter);
  const auto work = [job] {
    if (!job->cancelled) job->failure = Conversation(job->server, job->letter, job->cancelled).hold();
  };
  const auto report = [job, done = std::move(done)] {
    if (!job->cancelled) done(job->failure);
  };
  if (!thread_.submit(work, report)) {
    job->failure = MailFailure{false, "no thread can be made for it"};
    boost::asio::post(io_, report);
  }
  return std::make_unique<CurlDelivery>(std::move(job));
}

}  // namespace hald::proc
