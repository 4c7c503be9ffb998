#include "tools/cli.hpp"

int main(int argc, char** argv) { return hop::run_hop(argc, argv); }
