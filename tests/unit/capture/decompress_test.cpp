#include <sys/stat.h>
#include <zlib.h>
#include <zstd.h>

#include <QTemporaryDir>
#include <QtTest>
#include <cstdio>

#include "helper/capture/byte_reader.h"
#include "tests/support/capture_bytes.h"
#include "tests/support/read_all.h"

using pr::test::CaptureBytes;
using pr::test::read_all;
using pr::test::ReadAll;
using Data = std::vector<std::uint8_t>;

namespace {

Data gzip(const Data& plain) {
  z_stream stream{};
  deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
  Data out(deflateBound(&stream, plain.size()) + 64);
  stream.next_in = const_cast<Bytef*>(plain.data());
  stream.avail_in = static_cast<uInt>(plain.size());
  stream.next_out = out.data();
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

Data zstd(const Data& plain) {
  Data out(ZSTD_compressBound(plain.size()));
  out.resize(ZSTD_compress(out.data(), out.size(), plain.data(), plain.size(), 3));
  return out;
}

Data part(const Data& all, std::size_t from, std::size_t to) {
  return {all.begin() + static_cast<std::ptrdiff_t>(from), all.begin() + static_cast<std::ptrdiff_t>(to)};
}
Data join(Data a, const Data& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

// Larger than every buffer on the way.
Data capture() {
  CaptureBytes file;
  file.pcap_header();
  for (std::uint32_t i = 0; i < 5000; ++i) {
    file.pcap_record(1700000000 + i, i, std::string(200 + i % 900, static_cast<char>(i * 7)));
  }
  return file.data();
}

std::string message(const ReadAll& all) { return std::string(all.status.message()); }

}  // namespace

class DecompressTest : public QObject {
  Q_OBJECT
 private slots:
  void reads_what_was_compressed_data() {
    QTest::addColumn<QByteArray>("file");
    const auto row = [](const char* name, const Data& data) {
      QTest::newRow(name) << QByteArray(reinterpret_cast<const char*>(data.data()),
                                        static_cast<qsizetype>(data.size()));
    };
    const Data plain = capture();
    const Data first = part(plain, 0, 1000), rest = part(plain, 1000, plain.size());
    const Data skippable{0x5f, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3};
    row("plain", plain);
    row("gzip", gzip(plain));
    row("gzip, two members", join(gzip(first), gzip(rest)));
    row("gzip, zeros behind", join(gzip(plain), Data(512, 0)));
    row("zstd", zstd(plain));
    row("zstd, two frames", join(zstd(first), zstd(rest)));
    row("zstd, a skippable frame first", join(skippable, zstd(plain)));
  }
  void reads_what_was_compressed() {
    QFETCH(QByteArray, file);
    const ReadAll all = read_all(pr::as_bytes({file.constData(), static_cast<std::size_t>(file.size())}));
    QVERIFY2(all.status.ok(), message(all).c_str());
    QCOMPARE(all.packets.size(), std::size_t{5000});
    for (std::uint32_t i = 0; i < 5000; ++i) {
      QCOMPARE(all.packets[i].bytes, std::string(200 + i % 900, static_cast<char>(i * 7)));
    }
  }

  void damage_keeps_what_came_before_data() {
    QTest::addColumn<bool>("use_zstd");
    QTest::addColumn<QString>("kind");
    for (const bool use_zstd : {false, true}) {
      for (const char* const kind : {"cut", "flipped", "garbage behind"}) {
        QTest::addRow("%s, %s", use_zstd ? "zstd" : "gzip", kind) << use_zstd << kind;
      }
    }
  }
  void damage_keeps_what_came_before() {
    QFETCH(bool, use_zstd);
    QFETCH(QString, kind);
    // Bytes that do not compress, so that damage in the middle is damage of the middle.
    CaptureBytes plain;
    plain.pcap_header();
    std::uint32_t random = 1;
    for (std::uint32_t i = 0; i < 2000; ++i) {
      std::string bytes(1000, '\0');
      for (char& byte : bytes) byte = static_cast<char>((random = random * 1664525U + 1013904223U) >> 24U);
      plain.pcap_record(i, 0, bytes);
    }
    Data file = use_zstd ? zstd(plain.data()) : gzip(plain.data());
    if (kind == "cut") file.resize(file.size() / 2);
    if (kind == "flipped")
      std::fill_n(file.begin() + static_cast<std::ptrdiff_t>(file.size() / 2), 5000, std::uint8_t{0xff});
    if (kind == "garbage behind") file = join(file, Data(100, 'g'));
    const ReadAll all = read_all(file);
    QCOMPARE(all.status.code(), absl::StatusCode::kDataLoss);
    QVERIFY2(message(all).find("byte offset ") != std::string::npos, message(all).c_str());
    // Flipped bytes of stored data come out as flipped packets, which their lengths give away.
    if (kind != "flipped") {
      QVERIFY2(message(all).find(use_zstd ? "zstd" : "gzip") != std::string::npos, message(all).c_str());
    }
    QVERIFY2(all.packets.size() > 500, std::to_string(all.packets.size()).c_str());
    QCOMPARE(all.packets.size() == 2000, kind == "garbage behind");
  }

  void one_layer_only() {
    const ReadAll all = read_all(gzip(gzip(capture())));
    QCOMPARE(all.status.code(), absl::StatusCode::kDataLoss);
    QVERIFY(message(all).find("byte offset 0:") != std::string::npos);
  }

  void a_file_that_cannot_be_opened_says_why() {
    const auto missing = pr::capture::open_file("/nonexistent/a.pcap");
    QCOMPARE(missing.status().code(), absl::StatusCode::kNotFound);
    QVERIFY(std::string(missing.status().message()).find("/nonexistent/a.pcap") != std::string::npos);
    const QTemporaryDir folder;
    QCOMPARE(pr::capture::open_file(folder.path().toStdString()).status().code(), absl::StatusCode::kInvalidArgument);
  }

  void a_pipe_hands_over_what_is_there_and_waits_for_the_rest() {
    const QTemporaryDir folder;
    const std::string path = folder.filePath("pipe").toStdString();
    QCOMPARE(::mkfifo(path.c_str(), 0600), 0);
    std::FILE* const writer = std::fopen(path.c_str(), "r+b");
    QVERIFY(writer != nullptr);
    const auto source = pr::capture::open_file(path);
    QVERIFY(source.ok());
    pr::Batch batch;
    const auto next = [&] {
      batch.clear();
      const auto more = (*source)->read(batch);
      return more.ok() && *more;
    };
    const auto put = [writer](pr::Bytes bytes) {
      std::fwrite(bytes.data(), 1, bytes.size(), writer);
      std::fflush(writer);
    };
    QVERIFY(next());  // nothing yet: time passes
    QVERIFY(batch.packets.empty());
    const auto file = CaptureBytes().pcap_header().pcap_record(1, 1, "first").pcap_record(2, 2, "second").data();
    put(pr::Bytes(file).first(50));
    while (batch.packets.empty()) QVERIFY(next());
    QCOMPARE(std::string(pr::as_text(batch.packets[0].bytes)), std::string("first"));
    QVERIFY(next());
    QVERIFY(batch.packets.empty());
    put(pr::Bytes(file).subspan(50));
    while (batch.packets.empty()) QVERIFY(next());
    QCOMPARE(std::string(pr::as_text(batch.packets[0].bytes)), std::string("second"));
    (*source)->stop();  // the writer never closes
    QVERIFY(!next());
    std::fclose(writer);
  }
};

QTEST_APPLESS_MAIN(DecompressTest)
#include "decompress_test.moc"
