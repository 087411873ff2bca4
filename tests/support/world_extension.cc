// The texts that constructors of extension values take: good ones, also at the edge, made-up ones,
// and bad ones that each checker must refuse for its own reason.
#include <string>

#include "tests/support/world_schema.h"

namespace assay::testing {
namespace {

std::string Digits(Draw& draw, std::size_t least, std::size_t most) {
  std::string text;
  for (std::size_t i = draw.Between(least, most); i > 0; --i) {
    text += static_cast<char>('0' + draw.Below(10));
  }
  return text;
}

std::string SureIp(Draw& draw) {
  return draw.Pick({"10.0.0.1",
                    "10.0.0.0/8",
                    "10.1.2.3/24",
                    "127.0.0.1",
                    "127.0.0.0/7",
                    "224.0.0.1",
                    "224.0.0.0/3",
                    "1.2.3.4/32",
                    "0.0.0.0/0",
                    "255.255.255.255",
                    "::1",
                    "::",
                    "::/0",
                    "ff00::/8",
                    "ff00::/7",
                    "ffff::1/128",
                    "1:2:3:4:5:6:7:8",
                    "1:2:3:4:5:6:7::",
                    "::2:3:4:5:6:7:8",
                    "AbC::dEf/12",
                    "::1/127",
                    "0::0:1"});
}

std::string MadeUpIp(Draw& draw) {
  if (draw.Percent(60)) {
    return Cat({"10.", Digits(draw, 1, 1), ".", Digits(draw, 1, 1), ".", Digits(draw, 1, 2),
                draw.Percent(60) ? "/1" + Digits(draw, 1, 1) : ""});
  }
  return Cat({"f", Digits(draw, 1, 3), "::", Digits(draw, 1, 4), "/1", Digits(draw, 1, 2)});
}

std::string BadIp(Draw& draw) {
  return draw.Pick({"",
                    "x",
                    "1.2.3",
                    "1.2.3.4.5",
                    "256.1.1.1",
                    "01.2.3.4",
                    "1.2.3.4/33",
                    "1.2.3.4/",
                    "1.2.3.4/01",
                    "1.2.3.4/+1",
                    "1.2.3.4/100",
                    "::1/129",
                    "::1/256",
                    "::1/1000",
                    "::1/00",
                    "1::2::3",
                    ":",
                    ":::",
                    "1:2:3:4:5:6:7:8:9",
                    "12345::",
                    "::g",
                    "/24",
                    "::ffff:1.2.3.4",
                    "::1.2",
                    "1.1.1.1/٣",
                    "é",
                    "fe80::1%0",
                    " ::1",
                    "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/1280",
                    "1.2.3/x",
                    "1.1.1.1/1/2"});
}

std::string SureDecimal(Draw& draw) {
  return draw.Pick({"0.0", "1.0", "1.5", "-0.5", "-0.0001", "3.1416", "00.50", "-0.0",
                    "922337203685477.5807", "-922337203685477.5808"});
}

std::string MadeUpDecimal(Draw& draw) {
  return Cat({draw.Percent(30) ? "-" : "", Digits(draw, 1, 3), ".", Digits(draw, 1, 4)});
}

std::string BadDecimal(Draw& draw) {
  return draw.Pick({"",
                    "1",
                    "1.",
                    ".5",
                    "-",
                    "+1.0",
                    "1.00000",
                    "1.5.5",
                    "1e5",
                    " 1.0",
                    "1.0\n",
                    "922337203685477.5808",
                    "-922337203685477.5809",
                    "922337203685478.0",
                    "99999999999999999999.0",
                    "99999999999999999999.00001",
                    "1.٣",
                    "٣.0",
                    "1.３３",
                    "922337203685477.58075"});
}

std::string SureDatetime(Draw& draw) {
  return draw.Pick({"2024-01-01", "2024-02-29", "1970-01-01", "0000-01-01", "9999-12-31",
                    "1969-12-31", "2000-02-29", "2024-01-01T00:00:00Z", "1969-12-31T23:59:59.999Z",
                    "2024-01-01T00:00:00.001Z", "0000-01-01T00:00:00+2359",
                    "9999-12-31T23:59:59.999-2359", "2024-01-01T12:30:00-0130"});
}

std::string MadeUpDatetime(Draw& draw) {
  if (draw.Percent(40)) return Cat({Digits(draw, 4, 4), "-0", Digits(draw, 1, 1), "-28"});
  return Cat({"2024-01-1", Digits(draw, 1, 1), "T", draw.Pick({"0", "1"}), Digits(draw, 1, 1),
              ":00:00", draw.Percent(50) ? "." + Digits(draw, 3, 3) : "",
              draw.Pick({"Z", "+0100", "-0059"})});
}

std::string BadDatetime(Draw& draw) {
  return draw.Pick({"",
                    "2024",
                    "2024-1-1",
                    "10000-01-01",
                    "2023-02-29",
                    "1900-02-29",
                    "2024-13-01",
                    "2024-00-10",
                    "2024-01-32",
                    "2024-01-01T",
                    "2024-01-01Z",
                    "2024-01-01T00:00:00",
                    "2024-01-01T24:00:00Z",
                    "2024-01-01T00:60:00Z",
                    "2024-01-01T00:00:60Z",
                    "2024-01-01T00:00:00.12Z",
                    "2024-01-01T00:00:00.1234Z",
                    "2024-01-01t00:00:00Z",
                    "2024-01-01T00:00:00+2400",
                    "2024-01-01T00:00:00+0060",
                    "2024-02-30T25:00:00Z",
                    "2024-01-01T00:00:00+9999",
                    "2024-02-30T00:00:00",
                    "2024-01-01T00:00:00é",
                    "٢٠٢٤-01-01",
                    "2024-01-01\n",
                    "2024-01-01T00:00:00Zx"});
}

std::string SureDuration(Draw& draw) {
  return draw.Pick({"0ms", "1ms", "1h", "1d", "-1d", "24h", "1d2h3m4s5ms", "1m1ms", "-90s", "60m",
                    "9223372036854775807ms", "-9223372036854775808ms", "-0d"});
}

std::string MadeUpDuration(Draw& draw) {
  return Cat({draw.Percent(30) ? "-" : "", Digits(draw, 1, 3), "h", Digits(draw, 1, 8),
              draw.Pick({"ms", "s", "m"})});
}

std::string BadDuration(Draw& draw) {
  return draw.Pick({"",
                    "-",
                    "d",
                    "1",
                    "1x",
                    "1D",
                    "+1d",
                    "1h1d",
                    "1h2h",
                    "1d 2h",
                    "1.5h",
                    "5ms4s",
                    "9223372036854775808ms",
                    "-9223372036854775809ms",
                    "106751991168d",
                    "--1d",
                    "99999999999999999999d",
                    "106751991167d7h12m55s808ms",
                    "٣d",
                    "1d\n",
                    "1dms",
                    "99999999999999999999d1x"});
}

struct Makers {
  std::string (*sure)(Draw&);
  std::string (*made_up)(Draw&);
  std::string (*bad)(Draw&);
};

Makers MakersOf(TypeKind kind) {
  switch (kind) {
    case TypeKind::kIp: return {SureIp, MadeUpIp, BadIp};
    case TypeKind::kDecimal: return {SureDecimal, MadeUpDecimal, BadDecimal};
    case TypeKind::kDatetime: return {SureDatetime, MadeUpDatetime, BadDatetime};
    default: return {SureDuration, MadeUpDuration, BadDuration};
  }
}

}  // namespace

std::string DrawSureText(Draw& draw, TypeKind kind) { return MakersOf(kind).sure(draw); }

std::string DrawExtensionText(Draw& draw, TypeKind kind) {
  const Makers makers = MakersOf(kind);
  switch (draw.Weighted({60, 36, 4})) {
    case 0: return makers.sure(draw);
    case 1: return makers.made_up(draw);
    default: return makers.bad(draw);
  }
}

}  // namespace assay::testing
