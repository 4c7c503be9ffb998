#include "tools/commands/direction_text.hpp"

#include <fmt/format.h>

#include "tools/config/units.hpp"

namespace hop {

namespace {

void append(std::string& text, std::string_view word, const std::string& value) {
  text += fmt::format("  {} {}", word, value);
}

void append_share(std::string& text, std::string_view word, Share share) {
  if (!share.is_none()) append(text, word, share_text(share));
}

void append_impairments(std::string& text, const ImpairmentSpec& spec) {
  if (spec.loss != LossModel{}) append(text, "loss", loss_text(spec.loss));
  append_share(text, "duplicate", spec.duplicate);
  append_share(text, "corrupt", spec.corrupt);
  append_share(text, "reorder", spec.reorder);
  if (spec.overtaking) append(text, "reorder", "jitter");
  for (const DropRule& rule : spec.drop) {
    text += fmt::format("  drop nth {} count {}", rule.nth, rule.count);
    if (rule.every != 0) text += fmt::format(" every {}", rule.every);
  }
}

}  // namespace

std::string loss_text(const LossModel& loss) {
  if (loss.to_bad.is_none()) return share_text(loss.in_good);
  return fmt::format("gilbert-elliott p {} r {} 1-h {} 1-k {}", share_text(loss.to_bad),
                     share_text(loss.to_good), share_text(loss.in_bad), share_text(loss.in_good));
}

std::string queue_length_text(const QueueLength& length) {
  if (length.bytes != QueueLength::kMostBytes) return byte_count_text(length.bytes);
  return std::to_string(length.packets);
}

std::string direction_text(const DirectionSpec& direction) {
  const Duration jitter = direction.impairment.jitter;
  std::string text =
      fmt::format("mtu {}  limit {}", direction.mtu, queue_length_text(direction.limit));
  if (direction.ecn != QueueLength{}) append(text, "ecn", queue_length_text(direction.ecn));
  if (direction.delay != Duration::zero()) append(text, "delay", duration_text(direction.delay));
  if (jitter != Duration::zero()) append(text, "jitter", duration_text(jitter));
  if (direction.rate != 0) append(text, "rate", bit_rate_text(direction.rate));
  append_impairments(text, direction.impairment);
  return text;
}

}  // namespace hop
