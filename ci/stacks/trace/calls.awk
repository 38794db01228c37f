# calls.awk -- the calls that a program made, one a line, alike from what strace and what sockdrill trace tell:
#	THREAD CALL(WHAT) = RESULT      or      THREAD signal NAME
# Threads are counted by their IDs. WHAT is all arguments of calls that both tell alike, else the first one and
# the data. Left out are exits, the end of children, what is done to the standard streams, and the
# end of what is neither a socket nor an instance of epoll.
# usage: awk -f calls.awk -v from=strace LOG.TID...     of strace -ff -y
#        awk -f calls.awk -v from=sockdrill LOG

BEGIN {
	split("socket listen accept accept4 shutdown read write sendto recvfrom dup dup3 close", n)
	for (i in n)
		alike[n[i]] = 1
	split("readv writev sendmsg recvmsg", n)
	for (i in n)
		has_data[n[i]] = 1
}

# All that stands in quotes, as one.
function quoted(text, all) {
	all = ""
	while (match(text, /"[^"]*"/)) {
		all = all substr(text, RSTART + 1, RLENGTH - 2)
		text = substr(text, RSTART + RLENGTH)
	}
	return all
}

function keep(tid, line) {
	if (!(tid in count))
		tids[++threads] = tid
	lines[tid, ++count[tid]] = line
}

# "CALL(ARGUMENTS) = RESULT..."
function take(tid, text, name, rest, args, result, first) {
	name = text
	sub(/\(.*/, "", name)
	match(text, /\) += -?[0-9x]/)
	args = substr(text, length(name) + 2, RSTART - length(name) - 2)
	rest = substr(text, RSTART)
	sub(/^\) += /, "", rest)
	split(rest, word, " ")
	result = word[1] (word[1] == "-1" ? " " word[2] : "")
	first = args
	sub(/[,[].*/, "", first)
	if (name == "exit_group" || first ~ /^[012]$/ && name !~ /^(p?select|pselect6)$/)
		return
	gsub(/0x[0-9a-f]+/, "PLACE", args)
	if (!(name in alike))
		args = first !~ /^[A-Z0-9_]+$/ ? "" : first (name in has_data ? ", " quoted(args) : "")
	keep(tid, name "(" args ") = " result)
}

function take_signal(tid, name) {
	if (name != "SIGCHLD")
		keep(tid, "signal " name)
}

from == "strace" {
	tid = FILENAME
	sub(/.*\./, "", tid)
	# What is no socket, and what is no longer; then what else -y tells of descriptors.
	if (/^[a-z0-9_]+\([0-9]+<\// || /^close\([0-9]+<anon/ && !/<anon_inode:\[eventpoll\]>/)
		next
	gsub(/<[a-z_]+:[[][^]]*[]]>/, "")
}
from == "strace" && /^--- SIG/ {
	take_signal(tid, $2)
	next
}
# An interrupted call is told when it is clear what becomes of it: its handler ends with EINTR, or it is made again.
from == "strace" && /\) += \? ERESTART/ {
	broken[tid] = $0
	next
}
from == "strace" && /^rt_sigreturn/ {
	if (/ = -1 EINTR/ && tid in broken) {
		text = broken[tid]
		sub(/\) += \? .*/, ") = -1 EINTR", text)
		take(tid, text)
	}
	next
}
from == "strace" && /^restart_syscall/ {
	text = broken[tid]
	sub(/\) += \? .*/, "", text)
	rest = $0
	sub(/.*\) += /, "", rest)
	take(tid, text ") = " rest)
	next
}
from == "strace" && /^[a-z0-9_]+\(.*\) += -?[0-9]/ {
	take(tid, $0)
}

from == "sockdrill" && $3 == "---" && $4 == "process" {
	tid = $5
	sub(/,/, "", tid)
	pid[$2] = tid
	next
}
from == "sockdrill" {
	tid = pid[$2]
	text = $0
	sub(/^ *[0-9.]+ [0-9]+ /, "", text)
	if (match(text, /^\([0-9]+\) /)) {
		tid = substr(text, 2, RLENGTH - 3)
		text = substr(text, RLENGTH + 1)
	}
	if (text ~ /^--- SIG/)
		take_signal(tid, $4)
	else if (text ~ /^[a-z0-9_]+\(.*\) += -?[0-9]/)
		take(tid, text)
}

END {
	for (i = 2; i <= threads; i++)
		for (j = i; j > 1 && tids[j - 1] + 0 > tids[j] + 0; j--) {
			tid = tids[j]
			tids[j] = tids[j - 1]
			tids[j - 1] = tid
		}
	for (i = 1; i <= threads; i++)
		for (j = 1; j <= count[tids[i]]; j++)
			print i " " lines[tids[i], j]
}
