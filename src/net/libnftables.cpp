// SPDX-License-Identifier: Apache-2.0
#include "net/libnftables.h"

#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netlink.h>
#include <nftables/libnftables.h>

#include <mutex>
#include <system_error>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

namespace hald::net {
namespace {

struct Free {
  void operator()(nft_ctx* context) const { ::nft_ctx_free(context); }
};

std::string first_line(const char* text) {
  const std::string all = text == nullptr ? "" : text;
  return all.substr(0, all.find('\n'));
}

}  // namespace

/// One user of libnftables at a time: the thread, or in the end the loop.
class LibNftables::Library {
 public:
  /// The thread's; nothing happens after close().
  [[nodiscard]] Answer answer(const Request& request) {
    const std::lock_guard lock(mutex_);
    return closed_ ? Answer{} : run(request);
  }
  [[nodiscard]] Answer close(const std::string& batch) {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    return run({batch, {}});
  }

 private:
  [[nodiscard]] Answer run(const Request& request);

  std::mutex mutex_;
  bool closed_ = false;
  std::unique_ptr<nft_ctx, Free> context_;
};

LibNftables::Answer LibNftables::Library::run(const Request& request) {
  Answer out;
  if (!context_) {
    context_.reset(::nft_ctx_new(NFT_CTX_DEFAULT));
    if (!context_) return {"libnftables cannot be used", {}};
    ::nft_ctx_buffer_output(context_.get());
    ::nft_ctx_buffer_error(context_.get());
    // Counters count: what is compared must not.
    ::nft_ctx_output_set_flags(context_.get(), NFT_CTX_OUTPUT_STATELESS | NFT_CTX_OUTPUT_NUMERIC_ALL);
  }
  if (!request.batch.empty() && ::nft_run_cmd_from_buffer(context_.get(), request.batch.c_str()) != 0) {
    out.error = first_line(::nft_ctx_get_error_buffer(context_.get()));
    if (out.error.empty()) out.error = "the kernel refused";
    context_.reset();  // and with it what it believes
    return out;
  }
  ::nft_ctx_get_output_buffer(context_.get());
  if (request.inquiry.empty()) return out;
  if (::nft_run_cmd_from_buffer(context_.get(), request.inquiry.c_str()) == 0)
    out.listing = ::nft_ctx_get_output_buffer(context_.get());
  ::nft_ctx_get_error_buffer(context_.get());
  return out;
}

LibNftables::LibNftables(boost::asio::io_context& io, Submit submit)
    : io_(io), submit_(std::move(submit)), library_(std::make_shared<Library>()) {}

LibNftables::~LibNftables() = default;

void LibNftables::run(Request request, Done done) {
  const auto answer = std::make_shared<Answer>();
  const auto shared_done = std::make_shared<Done>(std::move(done));
  const bool begun = submit_(
      [library = library_, answer, request = std::move(request)] { *answer = library->answer(request); },
      [answer, shared_done] { (*shared_done)(*answer); });
  if (begun) return;
  answer->error = "there is no thread for it";
  boost::asio::post(io_, [answer, shared_done] { (*shared_done)(*answer); });
}

LibNftables::Answer LibNftables::finish(const std::string& batch) {
  return library_->close(batch);
}

std::string LibNftables::watch(const std::string& table, std::function<void()> changed) {
  events_.reset();
  if (table.empty()) return {};
  try {
    events_.emplace(io_, std::initializer_list<unsigned>{NFNLGRP_NFTABLES}, NETLINK_NETFILTER);
  } catch (const std::system_error& problem) {
    return problem.code().message();
  }
  events_->receive({[table, changed](const NetlinkMessage& message) {
                      if (table_of(message) == table) changed();
                    },
                    changed});
  return {};
}

std::string table_of(const NetlinkMessage& message) {
  if (NFNL_SUBSYS_ID(message.type) != NFNL_SUBSYS_NFTABLES) return {};
  if (NFNL_MSG_TYPE(message.type) == NFT_MSG_NEWGEN) return {};
  // Tables, chains, rules, sets and their elements all name their table by the attribute of this number.
  static_assert(NFTA_TABLE_NAME == 1 && NFTA_CHAIN_TABLE == 1 && NFTA_RULE_TABLE == 1 &&
                NFTA_SET_TABLE == 1 && NFTA_SET_ELEM_LIST_TABLE == 1);
  AttributeReader attributes = message.attributes<nfgenmsg>();
  while (const auto attribute = attributes.next()) {
    if (attribute->type == NFTA_TABLE_NAME) return attribute->text();
  }
  return {};
}

}  // namespace hald::net
