# cmake -DOUT=file.cpp -DSOURCES="a.sql;b.sql" -P embed.cmake: SQL files as string constants of schema.h.
set(text "// Made from helper/store/migrations/*.sql.\n#include \"helper/store/schema.h\"\n\nnamespace pr::store {\n")
foreach(source ${SOURCES})
  get_filename_component(name ${source} NAME_WE)
  file(READ ${source} sql)
  string(APPEND text "const char* const k_${name} = R\"SQL(${sql})SQL\";\n")
endforeach()
string(APPEND text "}  // namespace pr::store\n")
file(WRITE ${OUT} "${text}")
