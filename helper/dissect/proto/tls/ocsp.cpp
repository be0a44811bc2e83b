// Answers about certificates, RFC 6960: as far as they hold what certificates hold.
#include "helper/dissect/proto/tls/x509.h"

namespace pr::dissect::tls {
namespace {

// ResponseData: [0] version, the responder's name [1] or key [2], a time, the answers, [1] extensions.
void response_data(Cursor in, LayerBuilder& out) {
  Element element = read(in);
  if (element.is(kContext | kConstructed)) element = read(in);
  if (element.is(kContext | kConstructed | 1U)) {
    Cursor who = element.inside();
    name(read(who), out, kX509ifRdnSequence);
  }
  read(in);
  for (Cursor answers = read(in).inside(); answers.left() > 0;) {
    Cursor answer = read(answers).inside();
    Cursor id = read(answer).inside();
    algorithm(id, out);
  }
}

}  // namespace

void dissect_ocsp(Bytes der, LayerBuilder& out) {
  constexpr std::uint8_t kEnumerated = 0x0a;
  out.mention("ocsp");
  Cursor outer(der);
  Cursor response = read(outer).inside();
  if (!read(response).is(kEnumerated)) return;
  Cursor wrapped = read(response).inside();
  Cursor typed = read(wrapped).inside();
  read(typed);  // id-pkix-ocsp-basic: there is no other
  Cursor basic = read(typed).inside();
  Cursor in = read(basic).inside();
  const Element data = read(in);
  if (!data.is(kSequence)) return;
  response_data(data.inside(), out);
  algorithm(in, out);
  read(in);  // the signature
  Cursor certificates = read(in).inside();
  for (Cursor list = read(certificates).inside(); list.left() > 0;) {
    const Bytes certificate = list.rest();
    if (!read(list).ok) return;
    dissect_x509(certificate.first(certificate.size() - list.left()), out);
  }
}

}  // namespace pr::dissect::tls
