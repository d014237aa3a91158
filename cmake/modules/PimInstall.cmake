# What `cmake --install` copies beside the tools: chips, scripts that read reports, completion in bash.

set(folder ${CMAKE_INSTALL_DATADIR}/pim)
install(DIRECTORY ${PROJECT_SOURCE_DIR}/targets DESTINATION ${folder} FILES_MATCHING PATTERN *.yaml)
install(PROGRAMS scripts/compare-reports.py scripts/sweep.py DESTINATION ${folder}/scripts)
install(DIRECTORY scripts/reporting DESTINATION ${folder}/scripts FILES_MATCHING PATTERN *.py PATTERN __pycache__ EXCLUDE)

# bash looks for a file of the command's name.
foreach(tool pimc pim-run pim-opt pim-translate pim-compress)
  if(TARGET ${tool})
    install(FILES scripts/completion.bash DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions RENAME ${tool})
  endif()
endforeach()
