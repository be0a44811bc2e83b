// What a dissector writes to. While recording nobody wants fields and every add is a test of one pointer;
// for the detail view and for filters the same calls fill a Dissection.
//
// Fields are named by their index in the dissector's own table. Where a field lies is given by the bytes it
// was read from, so sub-cursors need no bookkeeping. A field read past the end is not added.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "helper/dissect/context.h"
#include "helper/dissect/frame.h"
#include "shared/base/cursor.h"
#include "shared/model/dissection.h"

namespace pr::dissect {

struct Dissector;
enum class Outcome : std::uint8_t;
struct Run;  // engine.cpp: the state of one packet's dissection

class LayerBuilder {
 public:
  LayerBuilder(Run& run, const Dissector& dissector, ProtocolId protocol)
      : run_(run), dissector_(dissector), protocol_(protocol) {}
  LayerBuilder(const LayerBuilder&) = delete;
  LayerBuilder& operator=(const LayerBuilder&) = delete;

  // True when somebody wants fields: guards work that only makes fields.
  [[nodiscard]] bool wanted() const { return tree_ != nullptr; }
  // True when this field is wanted: guards expensive values.
  [[nodiscard]] bool wants(std::size_t f) const { return tree_ != nullptr && wants_slow(f); }

  // Read and publish in one step; the value is returned either way.
  std::uint8_t u8(Cursor& in, std::size_t f) { return number(in, f, 1, &Cursor::u8); }
  std::uint16_t u16(Cursor& in, std::size_t f) { return number(in, f, 2, &Cursor::u16); }
  std::uint32_t u24(Cursor& in, std::size_t f) { return number(in, f, 3, &Cursor::u24); }
  std::uint32_t u32(Cursor& in, std::size_t f) { return number(in, f, 4, &Cursor::u32); }
  std::uint64_t u64(Cursor& in, std::size_t f) { return number(in, f, 8, &Cursor::u64); }
  std::uint16_t u16le(Cursor& in, std::size_t f) { return number(in, f, 2, &Cursor::u16le); }
  std::uint32_t u32le(Cursor& in, std::size_t f) { return number(in, f, 4, &Cursor::u32le); }
  std::uint64_t u64le(Cursor& in, std::size_t f) { return number(in, f, 8, &Cursor::u64le); }
  // Also for text, Ethernet and IPv6 addresses: whatever keeps its octets.
  Bytes bytes(Cursor& in, std::size_t f, std::size_t n) {
    const Bytes value = in.take(n);
    if (tree_ != nullptr && in.ok()) put(f, Value::of(value), value);
    return value;
  }
  std::uint32_t ipv4(Cursor& in, std::size_t f) { return u32(in, f); }

  // Publish what was read before. where: the bytes it came from; empty for a generated field.
  void add(std::size_t f, std::uint64_t value, Bytes where) {
    if (tree_ != nullptr) put(f, Value::of(value), where);
  }
  void add(std::size_t f, Bytes value, Bytes where) {
    if (tree_ != nullptr) put(f, Value::of(value), where);
  }
  // Text made here (not a view into the packet): copied.
  void add_text(std::size_t f, std::string_view value, Bytes where) {
    if (tree_ != nullptr) put_text(f, value, where);
  }
  // A field without a value: a marker, or the head of a subtree.
  void mark(std::size_t f, Bytes where) {
    if (tree_ != nullptr) put(f, Value{}, where);
  }

  // Fields added while a Subtree lives stand below the field added last before it.
  class Subtree {
   public:
    explicit Subtree(LayerBuilder& out) : out_(out) { ++out_.depth_; }
    ~Subtree() { --out_.depth_; }
    Subtree(const Subtree&) = delete;
    Subtree& operator=(const Subtree&) = delete;

   private:
    LayerBuilder& out_;
  };

  // Something in the layer that Wireshark gives to a dissector of its own ("x509sat"). name: lives forever.
  void mention(const char* name) {
    if (tree_ != nullptr) put_mention(name);
  }

  // The layer's own length, where it is neither what the cursor consumed nor what stood before the child.
  void layer_length(std::size_t octets);

  // Hands the rest of `in` to the child found under key in the dissector's tables[table]; consumes it.
  // False: nobody is bound there (or it said kNotMine), and the rest was not consumed.
  bool next(std::size_t table, std::uint32_t key, Cursor& in);
  // Hands the rest to a protocol by name (for protocols that are parts of others).
  bool next(const char* protocol, Cursor& in);
  // A number for the child that is called next, where its meaning depends on its parent (or on the conversation,
  // which only the outermost application protocol remembers). 0 if nobody passed one.
  void pass(std::uint64_t value);
  [[nodiscard]] std::uint64_t passed() const;
  // True: somebody is bound there.
  [[nodiscard]] bool has_next(std::size_t table, std::uint32_t key) const;
  // Hands a message to a protocol that this one carries, with the carried one's State, which lies in this one's. `in`
  // is left behind the message; unchanged on kNotMine and kNeedMore.
  Outcome carry(const char* protocol, Cursor& in, std::span<std::byte> memory);
  // The rest is nobody's: shown as Data.
  void data(Cursor& in);
  // TCP and UDP hand over what they carry; the analysis decides by flow what dissects it. Consumes the rest.
  // wire_len: what the headers say. In a packet quoted by an ICMP error it is shown as data.
  void payload(Transport transport, Cursor& in, std::uint32_t wire_len);
  // Goes on with other bytes than the frame's (reassembled, decompressed): offsets of what follows count in them.
  // Returns a cursor over them; the name is shown as the tab of the bytes pane. The first form borrows the bytes
  // until the packet is done with, the second keeps them.
  Cursor source(const char* name, Bytes bytes);
  Cursor source(const char* name, std::vector<std::uint8_t> bytes);

  void issue(IssueKind kind, Cursor& in);

  // The Info column, and the word in the Protocol column if the layer's own does not say enough. The last layer wins.
  void info(std::string text);
  void append_info(std::string_view text);
  void column(std::string_view word);

  [[nodiscard]] const Packet& packet() const;
  [[nodiscard]] Frame& frame();
  [[nodiscard]] const Context& context() const;
  // null while recording, and for packets of no flow.
  [[nodiscard]] const PacketFacts* facts() const { return context().facts; }
  Bytes defragment(const Fragment& fragment);
  // True in a packet that an ICMP error quotes: headers are shown, flows and payloads are left alone.
  [[nodiscard]] bool quoted() const;
  void enter_quote();
  // What follows is another packet inside this protocol. False: packets are nested too deep; an issue was counted, and
  // the rest was shown as Data.
  bool enter_tunnel(const Tunnel& tunnel, Cursor& in);

  // False above IP, before the packet's flow is known: see Outcome::kWantsFlow.
  [[nodiscard]] bool has_flow() const;

  // ---- Application protocols only ----
  [[nodiscard]] bool from_orig() const;
  // True if this protocol is the flow's own, so that more bytes may be asked for; else it got what another carried.
  [[nodiscard]] bool carries_flow() const;
  // No more bytes will come in this direction: a message without a length ends here.
  [[nodiscard]] bool at_end() const;
  // The conversation's memory, both directions; zero at first. T: trivially copyable, at most 64 octets.
  template <typename T>
  T& state() {
    static_assert(std::is_trivially_copyable_v<T> && sizeof(T) <= sizeof(AppState));
    return *reinterpret_cast<T*>(state_bytes());
  }
  // What is remembered of this direction beside the state, made when there is nothing. T derives from Memory.
  template <typename T>
  T& memory() {
    std::unique_ptr<Memory>& slot = memory_slot();
    T* kept = dynamic_cast<T*>(slot.get());
    if (kept == nullptr) {
      slot = std::make_unique<T>();
      kept = static_cast<T*>(slot.get());
    }
    return *kept;
  }
  // With kNeedMore: this many octets from the message's start are needed before it makes sense to call again;
  // 0: any more; kUntilEnd: all until the stream ends.
  static constexpr std::uint64_t kUntilEnd = ~0ULL;
  void need(std::uint64_t octets_from_message_start);
  // With kDone: the message is this long although nothing interesting is left in it; the rest may not have
  // arrived, is not buffered while recording, and ends the message where it ends.
  void message_length(std::uint64_t octets_from_message_start);
  // Datagrams: payloads of the datagrams before this one, of its direction, that said kNeedMore since the last kDone;
  // oldest first. Empty also where there were too many.
  [[nodiscard]] std::span<const Bytes> earlier() const;
  // What follows in this flow is another protocol, recognised anew if name is null. The flow keeps the name of the
  // protocol that it began with (SMTP with STARTTLS), unless what follows is what it was made for (WebSocket).
  enum class Named : std::uint8_t { kAsBefore, kAnew };
  void upgrade(const char* name, Named flow = Named::kAsBefore);
  // Never null: calls go nowhere if nobody listens.
  [[nodiscard]] Observer& observer();
  void message(const Message& message);

 private:
  friend class Engine;
  friend struct Run;

  template <typename T>
  T number(Cursor& in, std::size_t f, std::size_t width, T (Cursor::*read)()) {
    const Bytes where = in.peek(width);
    const T value = (in.*read)();
    if (tree_ != nullptr && in.ok()) put(f, Value::of(std::uint64_t{value}), where);
    return value;
  }
  [[nodiscard]] bool wants_slow(std::size_t f) const;
  bool call(ProtocolId child, Cursor& in, bool by_ethertype);
  void put(std::size_t f, Value value, Bytes where);
  void put_text(std::size_t f, std::string_view value, Bytes where);
  void put_mention(const char* name);
  std::byte* state_bytes();
  std::unique_ptr<Memory>& memory_slot();

  Run& run_;
  const Dissector& dissector_;
  ProtocolId protocol_;
  Dissection* tree_ = nullptr;
  std::uint8_t depth_ = 0;
  std::size_t layer_ = 0;  // index into the dissection's layers
  bool has_length_ = false;
  bool remembers_ = false;  // the conversation's memory is this protocol's
};

}  // namespace pr::dissect
