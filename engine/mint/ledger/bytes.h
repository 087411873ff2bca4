// Little-endian integers in the ledger's files.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace assay::mint {

template <typename T>
void PutInteger(T value, std::string* out) {
  char bytes[sizeof(T)];
  for (std::size_t i = 0; i < sizeof(T); ++i) {
    bytes[i] = static_cast<char>(static_cast<std::uint64_t>(value) >> (8 * i));
  }
  out->append(bytes, sizeof(T));
}

// Overwrites what stands at `offset`.
template <typename T>
void SetInteger(T value, std::size_t offset, std::string* out) {
  for (std::size_t i = 0; i < sizeof(T); ++i) {
    (*out)[offset + i] = static_cast<char>(static_cast<std::uint64_t>(value) >> (8 * i));
  }
}

// `bytes` has at least offset + sizeof(T) bytes.
template <typename T>
T GetInteger(std::string_view bytes, std::size_t offset) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < sizeof(T); ++i) {
    value |= static_cast<std::uint64_t>(static_cast<unsigned char>(bytes[offset + i])) << (8 * i);
  }
  return static_cast<T>(value);
}

template <typename Array>
std::string_view AsText(const Array& array) {
  return {reinterpret_cast<const char*>(array.data()), array.size()};
}

// `bytes` has at least offset + the array's size.
template <typename Array>
Array GetArray(std::string_view bytes, std::size_t offset) {
  Array array{};
  std::memcpy(array.data(), bytes.data() + offset, array.size());
  return array;
}

}  // namespace assay::mint
