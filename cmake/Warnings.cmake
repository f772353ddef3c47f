# Warnings for our own targets. TOCSIN_WERROR makes them errors: on in the
# presets of people who change the code, off in `./dev demo`, where a newer
# compiler's new warning must not stop a user. GCC 12 cries maybe-uninitialized
# at every moved std::variant; clang and the sanitizers look at that instead.
option(TOCSIN_WERROR "warnings are errors" OFF)
add_library(tocsin_warnings INTERFACE)
target_compile_options(tocsin_warnings INTERFACE -Wall -Wextra -Wshadow
  -Wnon-virtual-dtor -Wold-style-cast -Wcast-qual -Woverloaded-virtual
  $<$<BOOL:${TOCSIN_WERROR}>:-Werror>
  $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>
  $<$<CXX_COMPILER_ID:Clang>:-Wthread-safety>)
