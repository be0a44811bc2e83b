// SMB 1 (MS-CIFS, MS-SMB): the fields, and what the parts of the dissector share.
#pragma once

#include <cstdint>
#include <string>

#include "helper/dissect/layer_builder.h"
#include "helper/dissect/windows.h"
#include "shared/model/field.h"

namespace pr::dissect::smb {

// Indexes into kFields.
enum Field : std::uint16_t {
  kServerComponent,
  kCmd,
  kNtStatus,
  kErrorClass,
  kReserved,
  kErrorCode,
  kFlags,
  kFlagsLock,
  kFlagsReceiveBuffer,
  kFlagsCaseless,
  kFlagsCanon,
  kFlagsOplock,
  kFlagsNotify,
  kFlagsResponse,
  kFlags2,
  kFlags2LongNamesAllowed,
  kFlags2Ea,
  kFlags2SecSig,
  kFlags2Compressed,
  kFlags2SecSigRequired,
  kFlags2LongNamesUsed,
  kFlags2ReparsePath,
  kFlags2Esn,
  kFlags2Dfs,
  kFlags2Roe,
  kFlags2NtError,
  kFlags2String,
  kPidHigh,
  kSignature,
  kTid,
  kPid,
  kUid,
  kMid,
  kWct,
  kBcc,
  kAndxoffset,
  kBufferFormat,
  kDialect,
  kDialectName,
  kDialectIndex,
  kSm,
  kSmMode,
  kSmPassword,
  kSmSignatures,
  kSmSigRequired,
  kMaxMpxCount,
  kMaxVcs,
  kMaxBufsize,
  kMaxRaw,
  kSessionKey,
  kServerCap,
  kServerCapRawMode,
  kServerCapMpxMode,
  kServerCapUnicode,
  kServerCapLargeFiles,
  kServerCapNtSmbs,
  kServerCapRpcRemoteApis,
  kServerCapNtStatus,
  kServerCapLevel2Oplocks,
  kServerCapLockAndRead,
  kServerCapNtFind,
  kServerCapDfs,
  kServerCapInfolevelPassthru,
  kServerCapLargeReadx,
  kServerCapLargeWritex,
  kServerCapLwio,
  kServerCapUnix,
  kServerCapCompressedData,
  kServerCapDynamicReauth,
  kServerCapExtendedSecurity,
  kSystemTime,
  kServerTimezone,
  kChallengeLength,
  kChallenge,
  kServerGuid,
  kSecurityBlob,
  kSecurityBlobLen,
  kMaxBuf,
  kVc,
  kAnsiPwlen,
  kUnicodePwlen,
  kAnsiPassword,
  kUnicodePassword,
  kAccount,
  kPrimaryDomain,
  kNativeOs,
  kNativeLanman,
  kNativeFs,
  kSetupAction,
  kSetupActionGuest,
  kConnectFlags,
  kConnectFlagsDtid,
  kPwlen,
  kPassword,
  kPath,
  kService,
  kConnectSupport,
  kConnectSupportSearch,
  kConnectSupportDfs,
  kConnectSupportCscmask,
  kConnectSupportUniqfilename,
  kConnectSupportExtendedsig,
  kTpc,
  kTdc,
  kMpc,
  kMdc,
  kMsc,
  kTransactionFlags,
  kTransactionFlagsOwt,
  kTransactionFlagsDtid,
  kTimeout,
  kPc,
  kPo,
  kPd,
  kDc,
  kDataOffset,
  kDataDisp,
  kSc,
  kTransName,
  kTrans2Cmd,
  kFileNameLen,
  kRfid,
  kAllocSize64,
  kImpersonationLevel,
  kFile,
  kDirName,
  kFid,
  kOplockLevel,
  kCreateAction,
  kEndOfFile,
  kFileType,
  kOffset,
  kMaxcountLow,
  kMincount,
  kDataLenLow,
  kDataLenHigh,
  kCountLow,
  kCountHigh,
  kEchoCount,
  kEchoSeqNum,
  kEchoData,
  kAccessMask,
  kAccessRead,
  kAccessWrite,
  kAccessAppend,
  kAccessReadEa,
  kAccessWriteEa,
  kAccessExecute,
  kAccessDeleteChild,
  kAccessReadAttributes,
  kAccessWriteAttributes,
  kAccessDelete,
  kAccessReadControl,
  kAccessWriteDac,
  kAccessWriteOwner,
  kAccessSynchronize,
  kAccessSystemSecurity,
  kAccessMaximumAllowed,
  kAccessGenericAll,
  kAccessGenericExecute,
  kAccessGenericWrite,
  kAccessGenericRead,
  kShareAccess,
  kShareAccessRead,
  kShareAccessWrite,
  kShareAccessDelete,
  kCreateOptions,
  kCreateOptionsDirectory,
  kCreateOptionsWriteThrough,
  kCreateOptionsSequentialOnly,
  kCreateOptionsIntermediateBuffering,
  kCreateOptionsSyncIoAlert,
  kCreateOptionsSyncIoNonalert,
  kCreateOptionsNonDirectory,
  kCreateOptionsCreateTreeConnection,
  kCreateOptionsCompleteIfOplocked,
  kCreateOptionsNoEaKnowledge,
  kCreateOptionsShortOnly,
  kCreateOptionsRandomAccess,
  kCreateOptionsDeleteOnClose,
  kCreateOptionsOpenByFileid,
  kCreateOptionsBackupIntent,
  kCreateOptionsNoCompression,
  kCreateOptionsReserveOpfilter,
  kCreateOptionsOpenReparsePoint,
  kCreateOptionsNoRecall,
  kCreateOptionsFreeSpace,
  kFieldCount
};
extern const FieldDef kFields[kFieldCount];
const char* command_name(std::uint8_t command);

// One command of a message: its parameter words and its bytes.
struct Command {
  LayerBuilder& out;
  Bytes message;  // from the header on: offsets count from here
  std::uint8_t code = 0;
  bool response = false;
  bool unicode = false;
  std::uint32_t status = 0;
  std::uint16_t message_id = 0;  // the same in the request and its response
  std::uint8_t words = 0;
  std::string info = {};  // behind the command's name; only when wanted
  std::string name = {};  // of the tree or file opened, for the transaction
};

// How a file is opened.
struct Opening {
  std::uint32_t access = 0, options = 0, share = 0;
};

void access_mask(LayerBuilder& out, std::uint32_t value, Bytes where);
void share_access(LayerBuilder& out, std::uint32_t value, Bytes where);
void create_options(LayerBuilder& out, std::uint32_t value, Bytes where);

// The conversation's memory of trees and files. A response is told from its request by the message's id.
void show_tree(LayerBuilder& out, std::uint16_t tree, std::uint16_t message, bool response);
void connects(const Command& command);
void opens(const Command& command, const Opening& opening);
void opened(const Command& command, std::uint16_t file);
void show_file(LayerBuilder& out, std::uint16_t file);
void asks(const Command& command, std::uint16_t file, bool pipe = false);
void answers(const Command& command);

// The words and bytes of one command. The cursors end where they end.
void read_command(Command& command, Cursor& words, Cursor& bytes);

}  // namespace pr::dissect::smb
