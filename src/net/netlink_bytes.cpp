// SPDX-License-Identifier: Apache-2.0
#include "net/netlink_bytes.h"

namespace hald::net {

void MessageWriter::raw(Bytes bytes) {
  out_.insert(out_.end(), bytes.begin(), bytes.end());
}

void MessageWriter::pad() {
  out_.resize(padded(out_.size()));
}

}  // namespace hald::net
