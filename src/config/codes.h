// SPDX-License-Identifier: Apache-2.0
// The stable codes of diagnostics. Operators and tools match on them, so a code is never renamed and never
// changes its meaning; a new kind of problem gets a new code, and an entry in catalogue_*.cpp.
#pragma once

#include <string_view>

namespace hald::config::code {

// Files and text.
inline constexpr std::string_view kUnreadable = "unreadable";
inline constexpr std::string_view kEmpty = "empty-configuration";
inline constexpr std::string_view kBinary = "binary-file";
inline constexpr std::string_view kByteOrderMark = "byte-order-mark";
inline constexpr std::string_view kLongLine = "line-too-long";
inline constexpr std::string_view kNulByte = "nul-byte";
inline constexpr std::string_view kUnterminatedQuote = "unterminated-quote";
inline constexpr std::string_view kExecutable = "executable-file";
inline constexpr std::string_view kIncludeMissing = "include-missing";
inline constexpr std::string_view kIncludeLoop = "include-loop";
inline constexpr std::string_view kIncludeLimit = "include-limit";

// Macros, repeated lines, backslashes.
inline constexpr std::string_view kBadEscape = "bad-escape";
inline constexpr std::string_view kMacroRecursion = "macro-recursion";
inline constexpr std::string_view kExpansionLimit = "expansion-limit";
inline constexpr std::string_view kUndefinedMacro = "undefined-macro";
inline constexpr std::string_view kBadReference = "bad-reference";
inline constexpr std::string_view kBadSequence = "bad-sequence";
inline constexpr std::string_view kSecondId = "second-id";
inline constexpr std::string_view kEscapedComment = "escaped-comment";
inline constexpr std::string_view kMisread = "keepalived-misreads";

// Structure and words.
inline constexpr std::string_view kUnknownWord = "unknown-word";
inline constexpr std::string_view kUnknownBlock = "unknown-block";
inline constexpr std::string_view kNotBuilt = "not-built";
inline constexpr std::string_view kNoEffect = "no-effect";
inline constexpr std::string_view kNeedless = "needless";
inline constexpr std::string_view kOwnWord = "own-word";
inline constexpr std::string_view kDeprecated = "deprecated-word";
inline constexpr std::string_view kRepeatedWord = "repeated-word";
inline constexpr std::string_view kMissingArgument = "missing-argument";
inline constexpr std::string_view kMissingWord = "missing-word";
inline constexpr std::string_view kExtraWords = "extra-words";
inline constexpr std::string_view kMissingOpen = "missing-open-brace";
inline constexpr std::string_view kMissingClose = "missing-close-brace";
inline constexpr std::string_view kExtraOpen = "unexpected-open-brace";
inline constexpr std::string_view kExtraClose = "unexpected-close-brace";

// Values.
inline constexpr std::string_view kBadNumber = "bad-number";
inline constexpr std::string_view kBadTime = "bad-time";
inline constexpr std::string_view kPrecision = "too-precise";
inline constexpr std::string_view kOutOfRange = "out-of-range";
inline constexpr std::string_view kBadBoolean = "bad-boolean";
inline constexpr std::string_view kBadName = "bad-name";
inline constexpr std::string_view kBadAddress = "bad-address";
inline constexpr std::string_view kBadPrefix = "bad-prefix";
inline constexpr std::string_view kBadPort = "bad-port";
inline constexpr std::string_view kBadMac = "bad-mac";
inline constexpr std::string_view kBadMask = "bad-mask";
inline constexpr std::string_view kBadChoice = "bad-choice";
inline constexpr std::string_view kBadState = "bad-state";
inline constexpr std::string_view kBadWeight = "bad-weight";
inline constexpr std::string_view kBadHex = "bad-hex";
inline constexpr std::string_view kBadDigest = "bad-digest";
inline constexpr std::string_view kBadRegex = "bad-regex";
inline constexpr std::string_view kBadScheduler = "bad-scheduler";
inline constexpr std::string_view kBadForwarding = "bad-forwarding";
inline constexpr std::string_view kBadProtocol = "bad-protocol";
inline constexpr std::string_view kBadAuthType = "bad-auth-type";
inline constexpr std::string_view kBadScope = "bad-scope";
inline constexpr std::string_view kBadBroadcast = "bad-broadcast";
inline constexpr std::string_view kBadLabel = "bad-label";
inline constexpr std::string_view kBadGroup = "bad-multicast-group";
inline constexpr std::string_view kBadUmask = "bad-umask";
inline constexpr std::string_view kNameCut = "name-cut";
inline constexpr std::string_view kContradiction = "contradiction";
inline constexpr std::string_view kUnknownName = "unknown-name";

// The daemon as a whole.
inline constexpr std::string_view kUnknownHost = "unknown-host";
inline constexpr std::string_view kNoRecipient = "no-recipient";
inline constexpr std::string_view kReplacedWord = "replaced-word";

// Routes and rules.
inline constexpr std::string_view kWordOrder = "word-order";
inline constexpr std::string_view kNoDestination = "no-destination";
inline constexpr std::string_view kNoDevice = "no-device";
inline constexpr std::string_view kNotForRoutes = "not-for-routes";
inline constexpr std::string_view kProtocolForced = "protocol-forced";
inline constexpr std::string_view kBadEncapsulation = "bad-encapsulation";
inline constexpr std::string_view kBadMark = "bad-firewall-mark";
inline constexpr std::string_view kBadRange = "bad-range";
inline constexpr std::string_view kNoAction = "no-action";
inline constexpr std::string_view kActionConflict = "action-conflict";
inline constexpr std::string_view kBadTarget = "bad-goto-target";
inline constexpr std::string_view kNoPreference = "no-preference";

// BFD sessions.
inline constexpr std::string_view kNoNeighbor = "no-neighbor";
inline constexpr std::string_view kBadHops = "too-many-hops";
inline constexpr std::string_view kDuplicateSession = "duplicate-bfd-instance";

// Virtual routers.
inline constexpr std::string_view kNoInterface = "no-interface";
inline constexpr std::string_view kMissingInterface = "missing-interface";
inline constexpr std::string_view kLoopback = "loopback-interface";
inline constexpr std::string_view kNoRouterId = "no-virtual-router-id";
inline constexpr std::string_view kInstanceIgnored = "instance-ignored";
inline constexpr std::string_view kNoAddress = "no-virtual-address";
inline constexpr std::string_view kMixedFamilies = "mixed-families";
inline constexpr std::string_view kRepeatedOption = "repeated-option";
inline constexpr std::string_view kStateConflict = "state-conflict";
inline constexpr std::string_view kPreemptConflict = "preempt-conflict";
inline constexpr std::string_view kIntervalRounded = "interval-rounded";
inline constexpr std::string_view kVersionForced = "version-forced";
inline constexpr std::string_view kNoPassword = "no-password";
inline constexpr std::string_view kPasswordCut = "password-cut";
inline constexpr std::string_view kAuthIgnored = "authentication-ignored";

inline constexpr std::string_view kNoPeer = "no-unicast-peer";
inline constexpr std::string_view kNoMulticast = "no-multicast";
inline constexpr std::string_view kNotEthernet = "not-ethernet";
inline constexpr std::string_view kStrict = "strict-mode";
inline constexpr std::string_view kNotLinkLocal = "not-link-local";
inline constexpr std::string_view kTooManyAddresses = "too-many-addresses";
inline constexpr std::string_view kBadKey = "bad-key";
inline constexpr std::string_view kOpenSecret = "open-secret";
inline constexpr std::string_view kDuplicateMember = "duplicate-member";
inline constexpr std::string_view kLonelyMember = "lonely-member";

// What is tracked.
inline constexpr std::string_view kWeightIgnored = "weight-ignored";
inline constexpr std::string_view kUnwatchable = "unwatchable-file";

// Scripts.
inline constexpr std::string_view kUnknownAccount = "unknown-account";
inline constexpr std::string_view kScriptMissing = "script-missing";
inline constexpr std::string_view kScriptNotExecutable = "script-not-executable";
inline constexpr std::string_view kScriptInsecure = "script-insecure";
inline constexpr std::string_view kNoScriptSecurity = "no-script-security";

// Virtual servers.
inline constexpr std::string_view kNoRealServer = "no-real-server";
inline constexpr std::string_view kNoProtocol = "no-protocol";
inline constexpr std::string_view kNoScheduler = "no-scheduler";
inline constexpr std::string_view kNoForwarding = "no-forwarding";
inline constexpr std::string_view kProtocolIgnored = "protocol-ignored";
inline constexpr std::string_view kAddressSuffix = "address-suffix";
inline constexpr std::string_view kFamilyMismatch = "family-mismatch";
inline constexpr std::string_view kPortForced = "port-forced";
inline constexpr std::string_view kPersistenceForced = "persistence-forced";
inline constexpr std::string_view kOnePacketIgnored = "ops-ignored";
inline constexpr std::string_view kQuorumReduced = "quorum-reduced";
inline constexpr std::string_view kHysteresisReduced = "hysteresis-reduced";
inline constexpr std::string_view kNoCheckPort = "no-check-port";
inline constexpr std::string_view kFlagIgnored = "scheduler-flag-ignored";
inline constexpr std::string_view kNoSorryServer = "no-sorry-server";
inline constexpr std::string_view kEmptyGroup = "empty-group";
inline constexpr std::string_view kIncompleteCheck = "incomplete-check";

// Legal, and probably not meant (the linter).
inline constexpr std::string_view kEqualPriority = "equal-priority";
inline constexpr std::string_view kIdleWeight = "idle-weight";
inline constexpr std::string_view kScriptTimeout = "script-timeout";
inline constexpr std::string_view kUnusedScript = "unused-script";
inline constexpr std::string_view kOutsideSubnets = "outside-subnets";
inline constexpr std::string_view kLocalServer = "local-real-server";
inline constexpr std::string_view kNoFallback = "no-fallback";

// Two things that cannot both be.
inline constexpr std::string_view kDuplicateName = "duplicate-name";
inline constexpr std::string_view kDuplicateInstance = "duplicate-instance";
inline constexpr std::string_view kDuplicateRouterId = "duplicate-virtual-router-id";
inline constexpr std::string_view kDuplicateAddress = "duplicate-address";
inline constexpr std::string_view kDuplicateVirtualServer = "duplicate-virtual-server";
inline constexpr std::string_view kDuplicateRealServer = "duplicate-real-server";
inline constexpr std::string_view kDuplicateGroup = "duplicate-virtual-server-group";

}  // namespace hald::config::code
