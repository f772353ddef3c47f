# Every library from outside, found once, under one target name each. All come
# from Debian's packages; the list of packages is in tools/deps.sh.
find_package(Threads REQUIRED)
set(boost_parts json url program_options)
if(TOCSIN_TESTS)
  list(APPEND boost_parts unit_test_framework)
endif()
find_package(Boost 1.81 REQUIRED COMPONENTS ${boost_parts})
find_package(date 3.0 REQUIRED)
find_package(PkgConfig REQUIRED)
foreach(package IN ITEMS sqlite3 re2 libcurl libcrypto libssl libcrypt yaml-0.1
                         yaml-cpp spdlog fmt libpistache prometheus-cpp-core
                         zlib)
  string(MAKE_C_IDENTIFIER ${package} id)
  pkg_check_modules(${id} REQUIRED IMPORTED_TARGET ${package})
endforeach()
