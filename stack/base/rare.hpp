#pragma once
// Values that are seldom there.

#include <memory>
#include <optional>
#include <utility>

namespace hop {

/// An optional value that takes the room of a pointer while there is none: for what hardly any of a
/// hundred thousand has. Copies are deep.
template <class T>
class Rare {
 public:
  Rare() noexcept = default;
  Rare(std::nullopt_t) noexcept {}                                  // NOLINT: as std::optional
  Rare(T value) : value_(std::make_unique<T>(std::move(value))) {}  // NOLINT: as std::optional
  Rare(const Rare& other) : value_(other.value_ ? std::make_unique<T>(*other.value_) : nullptr) {}
  Rare(Rare&&) noexcept = default;
  Rare& operator=(const Rare& other) {
    Rare copy(other);
    std::swap(value_, copy.value_);
    return *this;
  }
  Rare& operator=(Rare&&) noexcept = default;
  ~Rare() = default;

  [[nodiscard]] bool has_value() const noexcept { return value_ != nullptr; }
  [[nodiscard]] explicit operator bool() const noexcept { return has_value(); }
  [[nodiscard]] T& operator*() noexcept { return *value_; }
  [[nodiscard]] const T& operator*() const noexcept { return *value_; }
  [[nodiscard]] T* operator->() noexcept { return value_.get(); }
  [[nodiscard]] const T* operator->() const noexcept { return value_.get(); }
  /// It, or `other`, which has to last as long as what is returned.
  [[nodiscard]] const T& value_or(const T& other) const noexcept {
    return value_ ? *value_ : other;
  }
  /// A new one in the place of what is there.
  T& emplace() { return *(value_ = std::make_unique<T>()); }

  [[nodiscard]] bool operator==(const Rare& other) const {
    return has_value() == other.has_value() && (!has_value() || **this == *other);
  }

 private:
  std::unique_ptr<T> value_;
};

}  // namespace hop
