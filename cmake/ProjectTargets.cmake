# pr_module(name SOURCES ... LINK ... [PRIVATE_LINK ...]): a static library of one module. Headers are included by
# their path from the top folder, so a module sees what it links and nothing else is hidden from the lint test.
# Of x_linux.cpp and x_macos.cpp the one for this system is taken.
function(pr_module name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LINK;PRIVATE_LINK" ${ARGN})
  if(CMAKE_SYSTEM_NAME STREQUAL "Linux")
    list(FILTER ARG_SOURCES EXCLUDE REGEX "_macos\\.cpp$")
  else()
    list(FILTER ARG_SOURCES EXCLUDE REGEX "_linux\\.cpp$")
  endif()
  if(NOT ARG_SOURCES)  # headers only
    add_library(${name} INTERFACE)
    target_include_directories(${name} INTERFACE ${CMAKE_SOURCE_DIR})
    target_link_libraries(${name} INTERFACE ${ARG_LINK} ${ARG_PRIVATE_LINK})
    return()
  endif()
  add_library(${name} STATIC ${ARG_SOURCES})
  target_include_directories(${name} PUBLIC ${CMAKE_SOURCE_DIR})
  target_link_libraries(${name} PUBLIC ${ARG_LINK} PRIVATE ${ARG_PRIVATE_LINK})
endfunction()

# pr_test(path/of/x_test.cpp LINK ...): one Qt Test program, registered with ctest under its file's name.
function(pr_test source)
  cmake_parse_arguments(ARG "" "" "LINK;LABELS" ${ARGN})
  get_filename_component(name ${source} NAME_WE)
  add_executable(${name} ${source})
  set_target_properties(${name} PROPERTIES AUTOMOC ON RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
  target_link_libraries(${name} PRIVATE ${ARG_LINK} Qt6::Test)
  add_test(NAME ${name} COMMAND ${name})
  set_tests_properties(${name} PROPERTIES TIMEOUT 300 LABELS "${ARG_LABELS}" ENVIRONMENT "TZ=UTC;QT_QPA_PLATFORM=offscreen")
endfunction()
