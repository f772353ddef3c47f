# tocsin_embed_sql(<target> <folder>): the SQL of a backend as the generated
# header store/<folder>/sql.h, namespace tocsin::store::<folder>:
#   statements.sql      `-- name: OutboxDue` -> Statement::kOutboxDue, kStatements
#   *_setup.sql         writer_setup.sql -> kWriterSetup, run as a whole
#   migrations/NNNN_*   kMigrations, in order of their numbers
function(tocsin_embed_sql target folder)
  set(dir ${CMAKE_CURRENT_SOURCE_DIR}/${folder})
  file(GLOB setups CONFIGURE_DEPENDS ${dir}/*_setup.sql)
  file(GLOB migrations CONFIGURE_DEPENDS ${dir}/migrations/*.sql)
  list(SORT migrations)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS
               ${dir}/statements.sql ${setups} ${migrations})
  file(READ ${dir}/statements.sql text)
  string(REGEX REPLACE "-- name: ([A-Za-z]+)\n" "@\\1@" text "${text}")
  string(REGEX REPLACE "--[^\n]*\n" "" text "${text}")
  string(REGEX REPLACE "@([A-Za-z]+)@[^@]*" "  k\\1,\n" names "${text}")
  string(REGEX REPLACE "@([A-Za-z]+)@([^@]*)" "    {\"\\1\", R\"sql(\\2)sql\"},\n"
         statements "${text}")
  foreach(file IN LISTS setups migrations)
    get_filename_component(name ${file} NAME_WE)
    file(READ ${file} script)
    if(name MATCHES "_setup$")
      string(REGEX MATCHALL "[a-z]+" words ${name})
      set(constant k)
      foreach(word IN LISTS words)
        string(SUBSTRING ${word} 0 1 first)
        string(SUBSTRING ${word} 1 -1 rest)
        string(TOUPPER ${first} first)
        string(APPEND constant ${first}${rest})
      endforeach()
      string(APPEND setup "inline constexpr NamedSql ${constant} =\n"
                          "    {\"${name}\", R\"sql(${script})sql\"};\n")
    else()
      string(APPEND steps "    {\"${name}\", R\"sql(${script})sql\"},\n")
    endif()
  endforeach()
  set(out ${CMAKE_CURRENT_BINARY_DIR}/embedded/store/${folder})
  configure_file(${PROJECT_SOURCE_DIR}/cmake/EmbedSql.h.in ${out}/sql.h @ONLY)
  target_include_directories(${target} PRIVATE
                             ${CMAKE_CURRENT_BINARY_DIR}/embedded)
endfunction()
