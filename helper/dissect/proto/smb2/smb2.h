// SMB 2 and 3 (MS-SMB2): the fields, and what the parts of the dissector share.
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "helper/dissect/layer_builder.h"
#include "helper/dissect/windows.h"
#include "shared/model/field.h"

namespace pr::dissect::smb2 {

// Indexes into kFields.
enum Field : std::uint16_t {
  kProtocolId,
  kHeaderLen,
  kCreditCharge,
  kChannelSequence,
  kReserved,
  kNtStatus,
  kCmd,
  kCreditsRequested,
  kCreditsGranted,
  kFlags,
  kFlagsResponse,
  kFlagsAsync,
  kFlagsChained,
  kFlagsSignature,
  kFlagsPriorityMask,
  kFlagsDfs,
  kFlagsReplay,
  kChainOffset,
  kMsgId,
  kAid,
  kPid,
  kTid,
  kSesid,
  kSignature,
  kHeaderTransformSignature,
  kHeaderTransformNonce,
  kHeaderTransformMsgSize,
  kHeaderTransformReserved,
  kHeaderTransformFlags,
  kHeaderTransformFlagsEncrypted,
  kHeaderTransformEncData,
  kHeaderCompTransformOriginalSize,
  kHeaderCompTransformCompAlg,
  kHeaderCompTransformFlags,
  kHeaderCompTransformOffset,
  kBufferCode,
  kBufferCodeLength,
  kBufferCodeDynamic,
  kOlbOffset,
  kOlbLength,
  kErrorContextCount,
  kErrorReserved,
  kErrorByteCount,
  kErrorData,
  kDialectCount,
  kDialect,
  kSecMode,
  kSecModeSignEnabled,
  kSecModeSignRequired,
  kCapabilities,
  kCapabilitiesDfs,
  kCapabilitiesLeasing,
  kCapabilitiesLargeMtu,
  kCapabilitiesMultiChannel,
  kCapabilitiesPersistentHandles,
  kCapabilitiesDirectoryLeasing,
  kCapabilitiesEncryption,
  kClientGuid,
  kServerGuid,
  kMaxTransSize,
  kMaxReadSize,
  kMaxWriteSize,
  kCurrentTime,
  kBootTime,
  kNegotiateContextOffset,
  kNegotiateContextCount,
  kNegotiateContextType,
  kNegotiateContextDataLength,
  kNegotiateContextHashAlgCount,
  kNegotiateContextSaltLength,
  kNegotiateContextHashAlgorithm,
  kNegotiateContextSalt,
  kNegotiateContextCipherCount,
  kNegotiateContextCipherId,
  kNegotiateContextCompAlgCount,
  kNegotiateContextCompAlgFlags,
  kNegotiateContextCompAlgFlagsChained,
  kNegotiateContextCompAlgFlagsReserved,
  kNegotiateContextCompAlgId,
  kNegotiateContextNetname,
  kNegotiateContextSigningAlgCount,
  kNegotiateContextSigningId,
  kNegotiateContextPosixReserved,
  kSecurityBlob,
  kSesReqFlags,
  kSesReqFlagsSessionBinding,
  kChannel,
  kPreviousSesid,
  kSessionFlags,
  kSesFlagsGuest,
  kSesFlagsNull,
  kSesFlagsEncrypt,
  kTcFlags,
  kTcClusterReconnect,
  kTcRedirectToOwner,
  kTcExtensionPresent,
  kTcReserved,
  kTree,
  kShareType,
  kShareFlags,
  kShareFlagsDfs,
  kShareFlagsDfsRoot,
  kShareFlagsRestrictExclusiveOpens,
  kShareFlagsForceSharedDelete,
  kShareFlagsAllowNamespaceCaching,
  kShareFlagsAccessBasedDirEnum,
  kShareFlagsForceLeveliiOplock,
  kShareFlagsEnableHashV1,
  kShareFlagsEnableHashV2,
  kShareFlagsEncryptData,
  kShareFlagsIdentityRemoting,
  kShareFlagsCompressData,
  kShareCaching,
  kShareCaps,
  kShareCapsDfs,
  kShareCapsContinuousAvailability,
  kShareCapsScaleout,
  kShareCapsCluster,
  kShareCapsAssymetric,
  kShareCapsRedirectToOwner,
  kSmbAccessMask,
  kSmbAccessRead,
  kSmbAccessWrite,
  kSmbAccessAppend,
  kSmbAccessReadEa,
  kSmbAccessWriteEa,
  kSmbAccessExecute,
  kSmbAccessDeleteChild,
  kSmbAccessReadAttributes,
  kSmbAccessWriteAttributes,
  kSmbAccessDelete,
  kSmbAccessReadControl,
  kSmbAccessWriteDac,
  kSmbAccessWriteOwner,
  kSmbAccessSynchronize,
  kSmbAccessSystemSecurity,
  kSmbAccessMaximumAllowed,
  kSmbAccessGenericAll,
  kSmbAccessGenericExecute,
  kSmbAccessGenericWrite,
  kSmbAccessGenericRead,
  kCreateOplock,
  kImpersonationLevel,
  kCreateFlags,
  kFileAttribute,
  kFileAttributeReadOnly,
  kFileAttributeHidden,
  kFileAttributeSystem,
  kFileAttributeDirectory,
  kFileAttributeArchive,
  kFileAttributeNormal,
  kFileAttributeTemporary,
  kFileAttributeSparse,
  kFileAttributeReparse,
  kFileAttributeCompressed,
  kFileAttributeOffline,
  kFileAttributeNotContentIndexed,
  kFileAttributeEncrypted,
  kFileAttributeIntegrityStream,
  kFileAttributeNoScrubData,
  kSmbShareAccess,
  kSmbShareAccessRead,
  kSmbShareAccessWrite,
  kSmbShareAccessDelete,
  kCreateDisposition,
  kSmbCreateOptions,
  kSmbNtCreateOptionsDirectory,
  kSmbNtCreateOptionsWriteThrough,
  kSmbNtCreateOptionsSequentialOnly,
  kSmbNtCreateOptionsIntermediateBuffering,
  kSmbNtCreateOptionsSyncIoAlert,
  kSmbNtCreateOptionsSyncIoNonalert,
  kSmbNtCreateOptionsNonDirectory,
  kSmbNtCreateOptionsCreateTreeConnection,
  kSmbNtCreateOptionsCompleteIfOplocked,
  kSmbNtCreateOptionsNoEaKnowledge,
  kSmbNtCreateOptionsEightDotThreeOnly,
  kSmbNtCreateOptionsRandomAccess,
  kSmbNtCreateOptionsDeleteOnClose,
  kSmbNtCreateOptionsOpenByFileid,
  kSmbNtCreateOptionsBackupIntent,
  kSmbNtCreateOptionsNoCompression,
  kSmbNtCreateOptionsReserveOpfilter,
  kSmbNtCreateOptionsOpenReparsePoint,
  kSmbNtCreateOptionsOpenNoRecall,
  kSmbNtCreateOptionsOpenForFreeSpaceQuery,
  kFilename,
  kCreateExtrainfo,
  kCreateChainOffset,
  kTag,
  kCreateChainData,
  kMxacStatus,
  kQfidFid,
  kCreateRepFlags,
  kCreateRepFlagsReparsePoint,
  kCreateAction,
  kCreateTime,
  kLastAccessTime,
  kLastWriteTime,
  kLastChangeTime,
  kAllocationSize,
  kEof,
  kFid,
  kCloseFlags,
  kClosePqAttrib,
  kUnknown,
  kReadPadding,
  kReadFlags,
  kReadFlagsUnbuffered,
  kReadFlagsCompressed,
  kReadLength,
  kFileOffset,
  kMinCount,
  kRemainingBytes,
  kChannelInfoBlob,
  kReadRemaining,
  kDataOffset,
  kWriteLength,
  kWriteFlags,
  kWriteFlagsWriteThrough,
  kWriteFlagsUnbuffered,
  kWriteCount,
  kWriteRemaining,
  kChannelInfoOffset,
  kChannelInfoLength,
  kIoctlFunction,
  kIoctlFunctionDevice,
  kIoctlFunctionAccess,
  kIoctlFunctionFunction,
  kIoctlFunctionMethod,
  kMaxIoctlInSize,
  kMaxIoctlOutSize,
  kIoctlFlags,
  kIoctlIsFsctl,
  kIoctlIn,
  kIoctlOut,
  kFindInfolevel,
  kFindFlags,
  kFindRestartScans,
  kFindSingleEntry,
  kFindIndexSpecified,
  kFindReopen,
  kFileIndex,
  kOutputBufferLen,
  kFindPattern,
  kFindInfoBlob,
  kFindIdBothDirectoryInfo,
  kFindBothDirectoryInfo,
  kNextOffset,
  kFilenameLen,
  kEaSize,
  kShortNameLen,
  kShortname,
  kFileId,
  kNotifyFlags,
  kNotifyWatchTree,
  kSmbNtNotifyCompletionFilter,
  kSmbNtNotifyFileName,
  kSmbNtNotifyDirName,
  kSmbNtNotifyAttributes,
  kSmbNtNotifySize,
  kSmbNtNotifyLastWrite,
  kSmbNtNotifyLastAccess,
  kSmbNtNotifyCreation,
  kSmbNtNotifyEa,
  kSmbNtNotifySecurity,
  kSmbNtNotifyStreamName,
  kSmbNtNotifyStreamSize,
  kSmbNtNotifyStreamWrite,
  kClass,
  kFileInfoInfolevel,
  kFsInfoInfolevel,
  kSecInfoInfolevel,
  kMaxResponseSize,
  kGetinfoInputOffset,
  kGetinfoInputSize,
  kGetsetinfoAdditionals,
  kGetsetinfoAdditional,
  kGetinfoFlags,
  kSetinfoSize,
  kSetinfoOffset,
  kSetinfoReserved,
  kFieldCount
};
extern const FieldDef kFields[kFieldCount];

enum Command : std::uint16_t {
  kNegotiateProtocol = 0,
  kSessionSetup = 1,
  kSessionLogoff = 2,
  kTreeConnect = 3,
  kTreeDisconnect = 4,
  kCreateFile = 5,
  kCloseFile = 6,
  kFlush = 7,
  kReadFile = 8,
  kWriteFile = 9,
  kLock = 10,
  kIoctl = 11,
  kCancel = 12,
  kKeepAlive = 13,
  kFindFile = 14,
  kNotify = 15,
  kGetInfo = 16,
  kSetInfo = 17,
  kBreak = 18,
};
const char* command_name(std::uint16_t command);
// "STATUS_ACCESS_DENIED"; null: not in the table.
const char* status_name(std::uint32_t status);

// What of a conversation later commands need: kinds of trees, and what was asked for last, because answers do not say.
struct State {
  static constexpr std::size_t kTrees = 4;
  std::uint32_t ids[kTrees];
  std::uint8_t types[kTrees];  // 0: free
  std::uint8_t next_tree;
  std::uint8_t find_level, info_class, info_level;
  // What the paths have in common ("\\\\server\\"), the names of the trees' shares and of the one that is being
  // connected to, each with a NUL behind it. Empty where they are too long.
  std::array<char, 40> text;

  // kTrees: nobody has connected to it.
  [[nodiscard]] std::size_t find(std::uint32_t tree) const {
    std::size_t at = 0;
    while (at < kTrees && (types[at] == 0 || ids[at] != tree)) ++at;
    return at;
  }
  [[nodiscard]] std::uint8_t type_of(std::uint32_t tree) const {
    const std::size_t at = find(tree);
    return at < kTrees ? types[at] : std::uint8_t{0};
  }
  // Empty: not known.
  [[nodiscard]] std::string path_of(std::uint32_t tree) const;
  void asked(const std::string& path);
  void connect(std::uint32_t tree, std::uint8_t type);
};
static_assert(sizeof(State) <= sizeof(AppState));

// One command of a (maybe compound) message, from its header on.
struct Pdu {
  LayerBuilder& out;
  Bytes bytes;  // of this command, header included: offsets count from here
  std::uint16_t command = 0;
  bool response = false;
  std::uint32_t status = 0;
  std::uint32_t tree = 0;
  State& state;
  std::string info = {};  // what the Info line says behind the command's name; only when wanted
  std::string name = {};  // of the tree or file opened, for the transaction

  // Text of an offset and a length read before; empty where it lies outside.
  [[nodiscard]] Bytes part(std::uint32_t offset, std::uint32_t length) const {
    if (offset > bytes.size() || length > bytes.size() - offset) return {};
    return bytes.subspan(offset, length);
  }
};

// Structure size, which says the dynamic part too.
std::uint16_t buffer_code(Pdu& pdu, Cursor& in);
// Where a part lies: offset and length, each in so many octets.
struct Span {
  std::uint32_t offset = 0, length = 0;
};
Span read_span(Pdu& pdu, Cursor& in, std::size_t offset_octets, std::size_t length_octets);
// A security blob: SPNEGO or bare NTLMSSP.
void security_blob(Pdu& pdu, Bytes blob);
// A file identifier.
void file_id(Pdu& pdu, Cursor& in);
void filetime(Pdu& pdu, Cursor& in, Field field);
void file_attributes(Pdu& pdu, Cursor& in);
void access_mask(Pdu& pdu, Cursor& in);
// DCE/RPC or plain data of a pipe or a file.
void file_data(Pdu& pdu, Bytes data);

// The commands by what they are about; false: not one of these.
bool read_session_command(Pdu& pdu, Cursor& in);
bool read_file_command(Pdu& pdu, Cursor& in);
void read_create_request(Pdu& pdu, Cursor& in);
void read_create_response(Pdu& pdu, Cursor& in);

}  // namespace pr::dissect::smb2
