// The counting operators new and delete of the node tests, for this program too.

#include "tests/stack/node/allocations.cpp"  // NOLINT(bugprone-suspicious-include): one definition
