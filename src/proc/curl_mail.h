// SPDX-License-Identifier: Apache-2.0
// CurlMail: mail over libcurl, on a helper thread. Not on the loop, not even through curl's multi interface:
// libcurl waits for the answer to QUIT when it ends a connection, reads hundreds of certificates before it
// trusts one, and may wait for its resolver (docs/adr/0009).
#pragma once

#include <memory>

#include "proc/helper_threads.h"
#include "proc/mail_transport.h"

namespace hald::proc {

class CurlMail final : public MailTransport {
 public:
  explicit CurlMail(boost::asio::io_context& io);

  [[nodiscard]] std::unique_ptr<Delivery> send(SmtpServer server, Letter letter, Done done) override;

 private:
  boost::asio::io_context& io_;
  HelperThreads thread_;
};

}  // namespace hald::proc
