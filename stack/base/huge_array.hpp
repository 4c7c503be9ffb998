#pragma once
// Large arrays that are read here and there.

#include <sys/mman.h>

#include <cstddef>
#include <new>

namespace hop {

/// Elements that are zero and take no memory until they are written to, in pieces of 2 MiB where
/// the machine has pages of that size. In small pages a random access to 32 MiB is a miss of the
/// address cache (TLB) as well: 4096 addresses of a large routing table take 1.3 times as long.
/// For trivial types, and for arrays much larger than a page.
template <typename T>
class HugeArray {
 public:
  /// Throws std::bad_alloc without that much address space.
  explicit HugeArray(std::size_t count) : bytes_(count * sizeof(T)) {
    void* const at =
        ::mmap(nullptr, bytes_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (at == MAP_FAILED) throw std::bad_alloc{};
    ::madvise(at, bytes_, MADV_HUGEPAGE);  // where it fails pages are small
    elements_ = static_cast<T*>(at);
  }
  HugeArray(const HugeArray&) = delete;
  HugeArray& operator=(const HugeArray&) = delete;
  ~HugeArray() { ::munmap(elements_, bytes_); }

  [[nodiscard]] T& operator[](std::size_t index) noexcept { return elements_[index]; }
  [[nodiscard]] const T& operator[](std::size_t index) const noexcept { return elements_[index]; }

 private:
  std::size_t bytes_;
  T* elements_ = nullptr;
};

}  // namespace hop
