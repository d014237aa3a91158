# Completes options of the tools in bash, the names of chips and keys of targets too:
#
#   . scripts/completion.bash
#
# What there is comes from the tools themselves: --help, --list-targets, --print-target.

# _pim_complete COMMAND WORD BEFORE: what may stand where WORD is begun.
_pim_complete() {
  local tool=$1 word=$2 option=$3 words=
  # A '=' is a word of its own to bash.
  if [ "$word" = = ]; then
    word=
  elif [ "$option" = = ]; then
    option=${COMP_WORDS[COMP_CWORD - 2]}
  fi
  local compiler=${tool%"${tool##*/}"}pimc marks='[* ]'
  [ "${tool##*/}" != pim-run ] || marks=' ' # keys with a star are fixed by then
  case $option in
    --target) words=$("$compiler" --list-targets | sed 's/ .*//') ;;
    --set) words=$("$compiler" --print-target --target "$(_pim_target)" | sed -n "s/^$marks \([a-z_.0-9]*\) .*/\1=/p") ;;
    --emit) words='onnx tosa quant pim mapped isa binary' ;;
    *) [ "${word#-}" = "$word" ] || words=$("$tool" --help | grep -oE '^ +--?[a-z][a-z-]*' ) ;;
  esac 2>/dev/null
  COMPREPLY=($(compgen -W "$words" -- "$word"))
  case ${COMPREPLY[0]-} in *=) compopt -o nospace 2>/dev/null ;; esac
}

# The chip that the command line names; another one where it names none.
_pim_target() {
  local i
  for ((i = 1; i < ${#COMP_WORDS[@]}; ++i)); do
    [ "${COMP_WORDS[i - 1]}" = --target ] || continue
    [ "${COMP_WORDS[i]}" = = ] && ((++i))
    echo "${COMP_WORDS[i]}"
    return
  done
  echo reram-xbar
}

complete -o default -F _pim_complete pimc pim-run pim-opt pim-translate pim-compress
