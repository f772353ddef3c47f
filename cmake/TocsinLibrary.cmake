# tocsin_library(<folder> SOURCES a.cc ... [DEPENDS tocsin::x Boost::json ...]
#                [PRIVATE_DEPENDS ...]): the static library tocsin::<folder>.
# tocsin_test(<folder>_<unit> SOURCES x_test.cc ... LABEL unit DEPENDS ...):
# one Boost.Test program and its ctest entry.
function(tocsin_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPENDS;PRIVATE_DEPENDS" ${ARGN})
  string(REPLACE "/" "_" target tocsin_${name})
  string(REPLACE "/" "_" alias ${name})
  add_library(${target} STATIC ${ARG_SOURCES})
  add_library(tocsin::${alias} ALIAS ${target})
  target_include_directories(${target} PUBLIC ${PROJECT_SOURCE_DIR})
  target_link_libraries(${target} PUBLIC ${ARG_DEPENDS}
                                  PRIVATE tocsin_warnings ${ARG_PRIVATE_DEPENDS})
endfunction()

function(tocsin_test name)
  cmake_parse_arguments(ARG "" "LABEL;TIMEOUT" "SOURCES;DEPENDS" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  target_compile_definitions(${name} PRIVATE BOOST_TEST_DYN_LINK)
  target_link_libraries(${name} PRIVATE ${ARG_DEPENDS} tocsin_test_main
                                        tocsin_warnings)
  add_test(NAME ${name} COMMAND ${name}
           WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 120)
  endif()
  set_tests_properties(${name} PROPERTIES LABELS "${ARG_LABEL}"
                                          TIMEOUT ${ARG_TIMEOUT})
endfunction()
