#!/bin/sh
# check.sh -- holds sockdrill trace against strace, and its faults against what they do to a program. Ends with 0
# when all is right. Standard error tells how far it has come.
# usage: check.sh SOCKDRILL TRACED STRACE CALLS     the programs; TRACED is traced.c. CALLS is harness/trace/calls.def.
#        Writes into the current directory.
set -u
sockdrill=$1 traced=$2 strace=$3
here=$(dirname "$0")
# "?": no machine has all of them. What else strace must tell for calls.awk is how signals end.
calls=$(sed -n '/exit_group/d;s/^CALL(\([a-z_0-9]*\),.*/?\1/p' "$4" | tr '\n' ',')rt_sigreturn,restart_syscall
checks=0 wrong=0 total=0

# What a check found: nothing when status $1 is 0; else name $2 and the file $3 are shown.
judge() {
	checks=$((checks + 1))
	[ "$1" -eq 0 ] && return 0
	wrong=$((wrong + 1))
	echo "WRONG: $2"
	head -n 40 "$3"
}

# The calls of part $1 are those that strace tells, and its output is what it is without a tracer.
same_as_strace() {
	echo "$1" >&2
	rm -f strace.*
	timeout 60 "$traced" "$1" >plain
	timeout 60 "$sockdrill" trace --show 64 -o log -- "$traced" "$1" >followed
	diff plain followed >found 2>&1
	judge $? "$1: the program sees something else when it is traced" found
	timeout 60 "$strace" -ff -y -s 64 -e "trace=$calls" -o strace "$traced" "$1" >/dev/null
	awk -v from=strace -f "$here/calls.awk" strace.* >wanted
	awk -v from=sockdrill -f "$here/calls.awk" log >got
	[ -s wanted ] && diff wanted got >found 2>&1
	judge $? "$1: strace (-) and sockdrill (+) tell different calls" found
	total=$((total + $(wc -l <wanted)))
}

# Fault $1 in part $2 makes it say each of the further arguments.
effect() {
	fault=$1 part=$2
	shift 2
	echo "$part with $fault" >&2
	timeout 60 "$sockdrill" trace --fault "$fault" -o log -- "$traced" "$part" >followed
	status=$?
	judge "$status" "$part with $fault ended with $status" followed
	grep -q ' \[.*\]$' log
	judge $? "$part with $fault: the log tells no fault" log
	for line in "$@"; do
		grep -qxF "$line" followed
		judge $? "$part with $fault does not say '$line'" followed
	done
}

# A program that runs already is followed from the call on in which it waits.
attach() {
	echo "attach" >&2
	"$traced" linger >followed &
	pid=$!
	: >log
	"$sockdrill" trace --pid "$pid" -o log &
	tracer=$!
	until grep -q -- "--- process $pid" log || ! kill -0 "$tracer" 2>/dev/null; do
		:
	done
	kill -USR1 "$pid"
	wait "$pid"
	judge $? "linger ended with an error when it was attached to" followed
	wait "$tracer"
	grep -qxF 'recv = 5 again' followed && grep -q 'recvfrom(.*"again", 5,.* = 5' log &&
		grep -q 'sendto(.*"x", 1,.* = 1' log
	judge $? "linger was attached to, and not all of its calls were told" log
}

for part in echo once refused messages waits threads signals stopped exec registers; do
	same_as_strace "$part"
done
attach

effect read=short:3@1 once 'read = 3 hel' 'rest of read = 2 lo'
effect recv=short:2@2 once 'recv = 2 he' 'rest of recv = 3 llo'
effect readv=short:4 once 'readv = 4 onet' 'rest of readv = 2 wo'
effect recvmsg=short:1 once 'recvmsg = 1 o' 'rest of recvmsg = 5 netwo'
effect write=short:1@1 once 'write = 1' 'read = 1 h'
effect send=short:2 once 'send = 2' 'recv = 2 he'
effect writev=short:4 once 'writev = 4' 'readv = 4 onet'
effect sendmsg=short:5 once 'sendmsg = 5' 'recvmsg = 5 onetw'
effect recv=EINTR@2 once 'recv = -1 EINTR' 'rest of recv = 5 hello'
effect send=ECONNRESET@1 registers 'sendto = -104, changed 0' 'recvfrom = -11, changed 0'
effect poll=EINTR once 'poll = -1 EINTR'
effect write=retry:EINTR echo 'echo: all is right'
effect connect=EADDRINUSE refused 'connect = -1 EADDRINUSE'
effect recv=short:2 registers 'sendto = 5, changed 0' 'recvfrom = 2, changed 0'
effect send=short:1 registers 'sendto = 1, changed 0' 'recvfrom = 1, changed 0'
effect recv=ENOMEM registers 'sendto = 5, changed 0' 'recvfrom = -12, changed 0'
effect recv=delay:20 registers 'recvfrom = 5, changed 0'
effect recv=short:2@2 signals 'recv, made again = 2 ag' 'read, made again = 3 ain'
effect accept=EMFILE echo 'echo: all is right'
effect read=short:3 echo 'echo: all is right'
effect write=short:7 echo 'echo: all is right'
effect read=EINTR@every2 echo 'echo: all is right'

timeout 60 "$sockdrill" trace --fault recv=delay:300@2 --json -o log -- "$traced" once >followed
awk -F '"took":' '/"fault"/ { n++; if ($2 + 0 >= 300000) right++ } END { exit !(n == 1 && right == 1) }' log
judge $? "once: a delay of 300 ms took less, or did not take place once" log

echo "a traced run" >&2
timeout 120 "$sockdrill" trace -o log -- "$sockdrill" run --color never 'recv_*' 'accept_*' >followed 2>&1
judge $? "cases do not pass when the runner is traced" followed
tail -n 1 followed

echo "$checks checks of the tracer on $(uname -m), $total calls as strace tells them: $wrong wrong"
[ "$wrong" -eq 0 ]
