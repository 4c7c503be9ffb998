#include "tools/commands/errors_json.hpp"

#include <boost/json/src.hpp>  // the library itself, in this file only

namespace hop {

namespace json = boost::json;

std::string error_json(std::string_view message) {
  return json::serialize(json::object{{"errors", json::array{{{"message", message}}}}});
}

std::string errors_json(const std::vector<ConfigError>& errors) {
  json::array list;
  for (const ConfigError& error : errors) {
    list.push_back({{"file", error.file},
                    {"line", error.line},
                    {"column", error.column},
                    {"message", error.message}});
  }
  return json::serialize(json::object{{"errors", std::move(list)}});
}

}  // namespace hop
