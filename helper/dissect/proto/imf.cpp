// Internet Message Format (RFC 5322): the headers of a mail, as SMTP, POP and IMAP carry it.
#include <array>
#include <string>

#include "helper/dissect/dissector.h"
#include "helper/dissect/text_line.h"
#include "shared/base/text.h"

namespace pr::dissect {
namespace {

enum Field : std::uint16_t {
  kAddress,
  kAddressListItem,
  kAutoforwarded,
  kAutosubmitted,
  kBcc,
  kCc,
  kComments,
  kContentDescription,
  kContentId,
  kContentTransferEncoding,
  kContentType,
  kContentTypeParameters,
  kContentTypeType,
  kContentLanguage,
  kConversion,
  kConversionWithLoss,
  kDate,
  kDeferredDelivery,
  kDeliveredTo,
  kDeliveryDate,
  kDiscardedX400IpmsExtensions,
  kDiscardedX400MtsExtensions,
  kDisplayName,
  kDlExpansionHistory,
  kExpires,
  kExtAuthenticationWarning,
  kExtExpiryDate,
  kExtMailer,
  kExtMimeole,
  kExtOriginalTo,
  kExtTnefCorrelator,
  kExtUidl,
  kExtVirusScanned,
  kExtension,
  kExtensionType,
  kExtensionValue,
  kFrom,
  kImportance,
  kInReplyTo,
  kIncompleteCopy,
  kKeywords,
  kLatestDeliveryTime,
  kLines,
  kMailboxListItem,
  kMessageId,
  kMessageText,
  kMessageType,
  kMimeVersion,
  kOriginalEncodedInformationTypes,
  kOriginatorReturnAddress,
  kPrecedence,
  kPriority,
  kReceived,
  kReferences,
  kReplyBy,
  kReplyTo,
  kResentBcc,
  kResentCc,
  kResentDate,
  kResentFrom,
  kResentMessageId,
  kResentSender,
  kResentTo,
  kReturnPath,
  kSender,
  kSensitivity,
  kSiolabel,
  kSiolabelBgcolor,
  kSiolabelFgcolor,
  kSiolabelLabel,
  kSiolabelMarking,
  kSiolabelType,
  kSiolabelUnknown,
  kSubject,
  kSupersedes,
  kThreadIndex,
  kTo,
  kUnknownParam,
  kUserAgent,
  kX400ContentIdentifier,
  kX400ContentType,
  kX400MtsIdentifier,
  kX400Originator,
  kX400Received,
  kX400Recipients,
};

constexpr FieldDef kFields[] = {
    {"imf.address", "Address", FieldType::kText},
    {"imf.address_list.item", "Item", FieldType::kText},
    {"imf.autoforwarded", "Autoforwarded", FieldType::kText},
    {"imf.autosubmitted", "Autosubmitted", FieldType::kText},
    {"imf.bcc", "Bcc", FieldType::kText},
    {"imf.cc", "Cc", FieldType::kText},
    {"imf.comments", "Comments", FieldType::kText},
    {"imf.content.description", "Content-Description", FieldType::kText},
    {"imf.content.id", "Content-ID", FieldType::kText},
    {"imf.content.transfer_encoding", "Content-Transfer-Encoding", FieldType::kText},
    {"imf.content.type", "Content-Type", FieldType::kText},
    {"imf.content.type.parameters", "Parameters", FieldType::kText},
    {"imf.content.type.type", "Type", FieldType::kText},
    {"imf.content_language", "Content-Language", FieldType::kText},
    {"imf.conversion", "Conversion", FieldType::kText},
    {"imf.conversion_with_loss", "Conversion-With-Loss", FieldType::kText},
    {"imf.date", "Date", FieldType::kText},
    {"imf.deferred_delivery", "Deferred-Delivery", FieldType::kText},
    {"imf.delivered_to", "Delivered-To", FieldType::kText},
    {"imf.delivery_date", "Delivery-Date", FieldType::kText},
    {"imf.discarded_x400_ipms_extensions", "Discarded-X400-IPMS-Extensions", FieldType::kText},
    {"imf.discarded_x400_mts_extensions", "Discarded-X400-MTS-Extensions", FieldType::kText},
    {"imf.display_name", "Display-Name", FieldType::kText},
    {"imf.dl_expansion_history", "DL-Expansion-History", FieldType::kText},
    {"imf.expires", "Expires", FieldType::kText},
    {"imf.ext.authentication_warning", "X-Authentication-Warning", FieldType::kText},
    {"imf.ext.expiry-date", "Expiry-Date", FieldType::kText},
    {"imf.ext.mailer", "X-Mailer", FieldType::kText},
    {"imf.ext.mimeole", "X-MimeOLE", FieldType::kText},
    {"imf.ext.original-to", "X-Original-To", FieldType::kText},
    {"imf.ext.tnef-correlator", "X-MS-TNEF-Correlator", FieldType::kText},
    {"imf.ext.uidl", "X-UIDL", FieldType::kText},
    {"imf.ext.virus_scanned", "X-Virus-Scanned", FieldType::kText},
    {"imf.extension", "Unknown-Extension", FieldType::kText},
    {"imf.extension.type", "Type", FieldType::kText},
    {"imf.extension.value", "Value", FieldType::kText},
    {"imf.from", "From", FieldType::kText},
    {"imf.importance", "Importance", FieldType::kText},
    {"imf.in_reply_to", "In-Reply-To", FieldType::kText},
    {"imf.incomplete_copy", "Incomplete-Copy", FieldType::kText},
    {"imf.keywords", "Keywords", FieldType::kText},
    {"imf.latest_delivery_time", "Latest-Delivery-Time", FieldType::kText},
    {"imf.lines", "Lines", FieldType::kText},
    {"imf.mailbox_list.item", "Item", FieldType::kText},
    {"imf.message_id", "Message-ID", FieldType::kText},
    {"imf.message_text", "Message-Text", FieldType::kNone},
    {"imf.message_type", "Message-Type", FieldType::kText},
    {"imf.mime_version", "MIME-Version", FieldType::kText},
    {"imf.original_encoded_information_types", "Original-Encoded-Information-Types", FieldType::kText},
    {"imf.originator_return_address", "Originator-Return-Address", FieldType::kText},
    {"imf.precedence", "Precedence", FieldType::kText},
    {"imf.priority", "Priority", FieldType::kText},
    {"imf.received", "Received", FieldType::kText},
    {"imf.references", "References", FieldType::kText},
    {"imf.reply_by", "Reply-By", FieldType::kText},
    {"imf.reply_to", "Reply-To", FieldType::kText},
    {"imf.resent.bcc", "Resent-Bcc", FieldType::kText},
    {"imf.resent.cc", "Resent-Cc", FieldType::kText},
    {"imf.resent.date", "Resent-Date", FieldType::kText},
    {"imf.resent.from", "Resent-From", FieldType::kText},
    {"imf.resent.message_id", "Resent-Message-ID", FieldType::kText},
    {"imf.resent.sender", "Resent-Sender", FieldType::kText},
    {"imf.resent.to", "Resent-To", FieldType::kText},
    {"imf.return_path", "Return-Path", FieldType::kText},
    {"imf.sender", "Sender", FieldType::kText},
    {"imf.sensitivity", "Sensitivity", FieldType::kText},
    {"imf.siolabel", "SIO-Label", FieldType::kNone},
    {"imf.siolabel.bgcolor", "Background Color", FieldType::kText},
    {"imf.siolabel.fgcolor", "Foreground Color", FieldType::kText},
    {"imf.siolabel.label", "Label", FieldType::kText},
    {"imf.siolabel.marking", "Marking", FieldType::kText},
    {"imf.siolabel.type", "Type", FieldType::kText},
    {"imf.siolabel.unknown", "Unknown parameter", FieldType::kText},
    {"imf.subject", "Subject", FieldType::kText},
    {"imf.supersedes", "Supersedes", FieldType::kText},
    {"imf.thread-index", "Thread-Index", FieldType::kText},
    {"imf.to", "To", FieldType::kText},
    {"imf.unknown_param", "Unknown parameter", FieldType::kNone},
    {"imf.user_agent", "User-Agent", FieldType::kText},
    {"imf.x400_content_identifier", "X400-Content-Identifier", FieldType::kText},
    {"imf.x400_content_type", "X400-Content-Type", FieldType::kText},
    {"imf.x400_mts_identifier", "X400-MTS-Identifier", FieldType::kText},
    {"imf.x400_originator", "X400-Originator", FieldType::kText},
    {"imf.x400_received", "X400-Received", FieldType::kText},
    {"imf.x400_recipients", "X400-Recipients", FieldType::kText},
};

enum class Kind : std::uint8_t { kPlain, kMailbox, kMailboxes, kAddresses, kContentType, kLabel };

struct Header {
  std::string_view name;  // lower case
  Field field;
  Kind kind = Kind::kPlain;
};

constexpr Header kHeaders[] = {
    {"autoforwarded", kAutoforwarded},
    {"autosubmitted", kAutosubmitted},
    {"bcc", kBcc, Kind::kAddresses},
    {"cc", kCc, Kind::kAddresses},
    {"comments", kComments},
    {"content-description", kContentDescription},
    {"content-id", kContentId},
    {"content-language", kContentLanguage},
    {"content-transfer-encoding", kContentTransferEncoding},
    {"content-type", kContentType, Kind::kContentType},
    {"conversion", kConversion},
    {"conversion-with-loss", kConversionWithLoss},
    {"date", kDate},
    {"deferred-delivery", kDeferredDelivery},
    {"delivered-to", kDeliveredTo, Kind::kMailbox},
    {"delivery-date", kDeliveryDate},
    {"discarded-x400-ipms-extensions", kDiscardedX400IpmsExtensions},
    {"discarded-x400-mts-extensions", kDiscardedX400MtsExtensions},
    {"dl-expansion-history", kDlExpansionHistory},
    {"expires", kExpires},
    {"expiry-date", kExtExpiryDate},
    {"from", kFrom, Kind::kMailboxes},
    {"importance", kImportance},
    {"in-reply-to", kInReplyTo},
    {"incomplete-copy", kIncompleteCopy},
    {"keywords", kKeywords},
    {"latest-delivery-time", kLatestDeliveryTime},
    {"lines", kLines},
    {"message-id", kMessageId},
    {"message-type", kMessageType},
    {"mime-version", kMimeVersion},
    {"original-encoded-information-types", kOriginalEncodedInformationTypes},
    {"originator-return-address", kOriginatorReturnAddress},
    {"precedence", kPrecedence},
    {"priority", kPriority},
    {"received", kReceived},
    {"references", kReferences},
    {"reply-by", kReplyBy},
    {"reply-to", kReplyTo, Kind::kAddresses},
    {"resent-bcc", kResentBcc, Kind::kAddresses},
    {"resent-cc", kResentCc, Kind::kAddresses},
    {"resent-date", kResentDate},
    {"resent-from", kResentFrom, Kind::kMailboxes},
    {"resent-message-id", kResentMessageId},
    {"resent-sender", kResentSender, Kind::kMailbox},
    {"resent-to", kResentTo, Kind::kAddresses},
    {"return-path", kReturnPath},
    {"sender", kSender, Kind::kMailbox},
    {"sensitivity", kSensitivity},
    {"sio-label", kSiolabel, Kind::kLabel},
    {"subject", kSubject},
    {"supersedes", kSupersedes},
    {"thread-index", kThreadIndex},
    {"to", kTo, Kind::kAddresses},
    {"user-agent", kUserAgent},
    {"x-authentication-warning", kExtAuthenticationWarning},
    {"x-mailer", kExtMailer},
    {"x-mimeole", kExtMimeole},
    {"x-ms-tnef-correlator", kExtTnefCorrelator},
    {"x-original-to", kExtOriginalTo, Kind::kAddresses},
    {"x-uidl", kExtUidl},
    {"x-virus-scanned", kExtVirusScanned},
    {"x400-content-identifier", kX400ContentIdentifier},
    {"x400-content-type", kX400ContentType},
    {"x400-mts-identifier", kX400MtsIdentifier},
    {"x400-originator", kX400Originator},
    {"x400-received", kX400Received},
    {"x400-recipients", kX400Recipients},
};

constexpr std::size_t kMaxHeaders = 1000;
constexpr std::size_t kMaxAddresses = 1000;

const Header* header_of(Bytes name) {
  const auto same = [name](const Header& h) {
    return name.size() == h.name.size() && std::ranges::equal(name, h.name, [](std::uint8_t a, char b) {
             return ascii_upper(a) == ascii_upper(static_cast<std::uint8_t>(b));
           });
  };
  const auto found = std::ranges::find_if(kHeaders, same);
  return found == std::end(kHeaders) ? nullptr : &*found;
}

bool is_space(std::uint8_t c) { return c == ' ' || (c >= 9 && c <= 13); }

// "Name <address>", "<address>" or "address". Spaces around an address without brackets stay.
void mailbox(Bytes text, LayerBuilder& out) {
  const auto open = std::ranges::find(text, '<');
  if (open == text.end()) {
    add_ascii(out, kAddress, text);
    return;
  }
  const auto at = static_cast<std::size_t>(open - text.begin());
  std::size_t start = 0;
  while (start < at && is_space(text[start])) ++start;
  if (start < at) {
    const Bytes name = text.subspan(start, at - start - 1);
    add_ascii(out, kDisplayName, name);
  }
  const Bytes rest = text.subspan(at + 1);
  const auto close = std::ranges::find(rest, '>');
  if (close == rest.end()) return;
  const Bytes address = rest.first(static_cast<std::size_t>(close - rest.begin()));
  add_ascii(out, kAddress, address);
}

void mailboxes(Bytes text, Field item, LayerBuilder& out) {
  add_ascii(out, item, text);
  const LayerBuilder::Subtree tree(out);
  for (std::size_t n = 0; n < kMaxAddresses; ++n) {
    const auto comma = std::ranges::find(text, ',');
    mailbox(text.first(static_cast<std::size_t>(comma - text.begin())), out);
    if (comma == text.end()) return;
    text = text.subspan(static_cast<std::size_t>(comma - text.begin()) + 1);
  }
}

void content_type(Bytes value, LayerBuilder& out) {
  const auto semicolon = std::ranges::find(value, ';');
  if (semicolon == value.end()) return;
  const auto at = static_cast<std::size_t>(semicolon - value.begin());
  add_ascii(out, kContentTypeType, value.first(at));
  add_ascii(out, kContentTypeParameters, value.subspan(at + 1));
}

// marking="a"; fgcolor=red (RFC 7444)
void security_label(Bytes value, LayerBuilder& out) {
  static constexpr struct {
    std::string_view name;
    Field field;
  } kKnown[] = {{"marking", kSiolabelMarking},
                {"fgcolor", kSiolabelFgcolor},
                {"bgcolor", kSiolabelBgcolor},
                {"type", kSiolabelType},
                {"label", kSiolabelLabel}};
  out.mark(kSiolabel, value);
  const LayerBuilder::Subtree tree(out);
  while (!value.empty()) {
    const auto size = static_cast<std::size_t>(std::ranges::find(value, ';') - value.begin());
    const std::string_view part = trim(as_text(value.first(size)));
    value = value.subspan(std::min(value.size(), size + 1));
    const auto* const known = std::ranges::find_if(kKnown, [part](const auto& k) { return part.starts_with(k.name); });
    const std::size_t equals = part.find('=');
    if (known != std::end(kKnown) && equals != part.npos) {
      add_ascii(out, known->field, as_bytes(trim(part.substr(equals + 1))));
    } else if (!part.empty()) {
      add_ascii(out, kSiolabelUnknown, as_bytes(part));
      out.mark(kUnknownParam, as_bytes(part));
    }
  }
}

// A header with its continuation lines; whole ends with the line end. Empty: none is there.
Bytes take_header(Cursor& in) {
  const std::size_t start = in.at();
  do {
    if (!take_line(in, true)) break;
  } while (in.left() > 0 && (in.peek(1)[0] == ' ' || in.peek(1)[0] == '\t'));
  return in.since(start);
}

struct Summary {
  Bytes from, subject, type;
};

void header(Bytes whole, LayerBuilder& out, Summary* summary) {
  const auto colon = std::ranges::find(whole, ':');
  const auto name_size = static_cast<std::size_t>(colon - whole.begin());
  Bytes value = whole.subspan(name_size + 1);  // with the line end, as lists of addresses show it
  std::size_t skip = 0;
  while (skip < value.size() && is_space(value[skip])) ++skip;
  if (skip < value.size()) value = value.subspan(skip);
  std::size_t end = value.size();
  if (end > 0 && value[end - 1] == '\n') --end;
  if (end > 0 && value[end - 1] == '\r') --end;
  const Bytes text = value.first(end);
  const Header* known = header_of(whole.first(name_size));
  if (known == nullptr) {
    const Bytes line = whole.first(whole.size() - (value.size() - end));
    add_ascii(out, kExtension, line);
    const LayerBuilder::Subtree tree(out);
    add_ascii(out, kExtensionType, whole.first(name_size));
    add_ascii(out, kExtensionValue, text);
    return;
  }
  if (known->field == kFrom) summary->from = text;
  if (known->field == kSubject) summary->subject = text;
  if (known->field == kContentType)
    summary->type = text.first(static_cast<std::size_t>(std::ranges::find(text, ';') - text.begin()));
  if (known->kind == Kind::kLabel) return security_label(text, out);
  add_ascii(out, known->field, text);
  const LayerBuilder::Subtree tree(out);
  switch (known->kind) {
    case Kind::kMailbox: mailbox(value, out); break;
    case Kind::kMailboxes: mailboxes(value, kMailboxListItem, out); break;
    case Kind::kAddresses: mailboxes(value, kAddressListItem, out); break;
    case Kind::kContentType: content_type(text, out); break;
    case Kind::kLabel:
    case Kind::kPlain: break;
  }
}

Outcome dissect_imf(Cursor& in, LayerBuilder& out) {
  if (!out.wanted()) return Outcome::kDone;
  Summary summary;
  Bytes body = in.rest();
  for (std::size_t n = 0; n < kMaxHeaders && in.left() > 0; ++n) {
    const Bytes whole = take_header(in);
    const bool blank = whole.size() <= 2 && (whole[0] == '\n' || whole[0] == '\r');
    if (blank) body = in.rest();
    // A header that is cut is not shown: where a mail is shown in pieces, its rest is in the next one.
    if (blank || whole.back() != '\n' || std::ranges::find(whole, ':') == whole.end()) break;
    header(whole, out, &summary);
    body = in.rest();
  }
  std::string info;
  if (!summary.from.empty()) info += "from: " + std::string(as_text(summary.from)) + ", ";
  if (!summary.subject.empty()) info += "subject: " + std::string(as_text(summary.subject)) + ", ";
  if (!summary.type.empty()) info += " (" + std::string(as_text(summary.type)) + ")";
  out.info(std::move(info));
  if (summary.type.empty()) out.mark(kMessageText, body);
  if (begins_with_word(summary.type, "TEXT/") && !body.empty()) out.mention("data-text-lines");
  in.skip(in.left());
  return Outcome::kDone;
}

}  // namespace

extern constinit const Dissector imf_dissector{
    .name = "imf", .title = "Internet Message Format", .fields = kFields, .dissect = &dissect_imf};

}  // namespace pr::dissect
