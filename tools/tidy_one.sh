#!/bin/sh
# tidy_one.sh BUILD_DIR FILE: clang-tidy over one file; prints only findings.
out=$(clang-tidy-14 -p "$1" --quiet "$2" 2>&1)
status=$?
[ $status -eq 0 ] || printf '%s\n' "$out" |
  grep -v -E '^[0-9]+ warnings? (generated|treated)|^Suppressed|^Use -header-filter'
exit $status
