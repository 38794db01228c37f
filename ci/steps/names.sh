# names.sh -- which steps CI has, and in which order it takes them; for `.`, from the top of the project.
# shellcheck shell=sh

# order_steps: all of them; those that are done at once are joined by +.
order_steps() {
	grep -v '^#' ci/steps/order
}

# list_steps: their names, in one line.
list_steps() {
	order_steps | tr '+' ' ' | xargs
}

# check_steps NAMES: ends the script, with status 2, unless all of them are steps.
check_steps() {
	for step in $(echo "$1" | tr '+' ' '); do
		case " $(list_steps) " in
		*" $step "*) continue ;;
		esac
		echo "${0##*/}: there is no step '$step': 'sh ci/test.sh list' names them" >&2
		exit 2
	done
}
