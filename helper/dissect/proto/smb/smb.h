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
  std::uint8_t words = 0;
  std::string info = {};  // behind the command's name; only when wanted
  std::string name = {};  // of the tree or file opened, for the transaction
};

// The words and bytes of one command. The cursors end where they end.
void read_command(Command& command, Cursor& words, Cursor& bytes);

}  // namespace pr::dissect::smb
