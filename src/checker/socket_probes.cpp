// SPDX-License-Identifier: Apache-2.0
#include "checker/socket_probes.h"

#include <utility>

#include "base/overloaded.h"
#include "checker/core/dns_exchange.h"
#include "checker/core/http_dialogue.h"
#include "checker/core/ping_exchange.h"
#include "checker/core/smtp_dialogue.h"
#include "checker/core/udp_exchange.h"
#include "checker/datagram_probe.h"
#include "checker/stream_probe.h"

namespace hald::checker {

SocketProbes::SocketProbes(boost::asio::io_context& io, Scheduler& scheduler)
    : io_(io),
      scheduler_(scheduler),
      ids_(std::random_device{}()),
      next_tag_(static_cast<std::uint32_t>(ids_())) {}

std::unique_ptr<Probe> SocketProbes::ask(const Question& question, Report report) {
  return std::visit(
      Overloaded{
          [&](const config::TcpCheck& tcp) {
            return start_stream_probe(io_, scheduler_, tcp, {}, std::move(report));
          },
          [&](const config::PingCheck& ping) {
            return start_datagram_probe(
                io_, scheduler_, ping, DatagramKind::Ping,
                std::make_unique<PingExchange>(ping.target.address.family(), next_tag_++), std::move(report));
          },
          [&](const Boxed<config::UdpCheck>& udp) {
            return start_datagram_probe(io_, scheduler_, *udp, DatagramKind::Udp,
                                        std::make_unique<UdpExchange>(*udp), std::move(report));
          },
          [&](const Boxed<config::DnsCheck>& dns) {
            const auto id = static_cast<std::uint16_t>(ids_());
            return start_datagram_probe(io_, scheduler_, *dns, DatagramKind::Udp,
                                        std::make_unique<DnsExchange>(*dns, id), std::move(report));
          },
          [&](const Boxed<config::SmtpCheck>& smtp) {
            StreamTalk talk;
            talk.dialogue = std::make_unique<SmtpDialogue>(smtp->helo_name);
            return start_stream_probe(io_, scheduler_, *smtp, std::move(talk), std::move(report));
          },
          [&](const Boxed<config::HttpCheck>& http) { return start(*http, question, std::move(report)); },
          // Not asked for: core/check.h says which kinds are run.
          [&](const auto&) { return std::make_unique<Probe>(); }},
      question.check);
}

std::unique_ptr<Probe> SocketProbes::start(const config::HttpCheck& check, const Question& question,
                                           Report report) {
  const config::HttpUrl& url = check.urls[question.part < check.urls.size() ? question.part : 0];
  StreamTalk talk;
  talk.dialogue = std::make_unique<HttpDialogue>(http_request(check, url, question.hosts), url);
  if (check.tls) {
    if (!tls_) tls_ = make_tls_context();
    talk.tls = std::make_unique<TlsSession>(tls_, tls_server_name(check, url, question.hosts));
    talk.says_goodbye = url.tls_compliant;
  }
  return start_stream_probe(io_, scheduler_, check, std::move(talk), std::move(report));
}

}  // namespace hald::checker
