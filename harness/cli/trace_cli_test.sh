#!/bin/sh
# trace_cli_test.sh -- traced and disturbed runs as a user meets them: ladders in every report, and what is refused.
# usage: trace_cli_test.sh SOCKDRILL
set -u
sockdrill=$(realpath "$1")
# shellcheck source=harness/cli/expect.sh
. "$(dirname "$0")/expect.sh"
"$sockdrill" trace -q true >out 2>&1 || { echo "cannot trace here: $(cat out)"; exit 77; }

# ladder FILE: its lines of a pretty report: they begin with a time, or the head of that column.
ladder() {
	sed 's/^    |/    /' "$1" | grep -E '^ +([0-9]+\.[0-9]|ms)  '
}

case=recv_zero_on_orderly_close/inet

# ---- Any program ----

cat >program.py <<'EOF'
import os
import socket

listener = socket.socket()
listener.bind(("127.0.0.1", 0))
listener.listen(1)
if os.fork() == 0:
    client = socket.socket()
    client.connect(listener.getsockname())
    client.sendall(b"ping")
    client.close()
    os._exit(0)
conn, _ = listener.accept()
conn.recv(100)
conn.close()
os.wait()
EOF
if python=$(python3 -c 'import sys; print(sys.executable)'); then
	# The interpreter itself: what PATH calls python3 may be a script that looks for it first.
	ln -s "$python" python3
	expect 0 '' "$sockdrill" trace --ladder --svg ladder.svg -o ladder -- ./python3 -S program.py
	[ ! -s out ] || not_so "with -o nothing is said" out
	holds ladder 'ms  python3 ' '(forked by python3)' ' 4 B -' \
		'python3 #2  fd 4   socket connect sendto close' \
		'python3     fd 4   accept4 getsockname recvfrom close'
	[ "$(grep -c '(ends)$' ladder)" -eq 2 ] || not_so "both end" ladder
	grep -q '[^ -~]' ladder && not_so "other bytes than ASCII where the locale has no others"
	holds ladder.svg '<svg class="ladder"' 'python3 #2' '4 B' 'recvfrom('
	python3 -c 'import sys, xml.dom.minidom; xml.dom.minidom.parse(sys.argv[1])' ladder.svg || not_so "the picture is XML"
	expect 0 ' 2 B ' "$sockdrill" trace --ladder --fault recv=short:2 -- ./python3 -S program.py
	grep -q 'recvfrom(.* = 2 !' out || not_so "what was disturbed is marked" out
	expect 0 '─' env LC_ALL=C.UTF-8 "$sockdrill" trace --ladder -- ./python3 -S program.py
fi
expect 3 'cannot write ./no/such.svg: No such file' "$sockdrill" trace -q --svg ./no/such.svg -- true
expect 2 'needs a value' "$sockdrill" trace --svg
one_line
# The options of the command are its own, --help too.
expect 0 'Usage: echo' env LC_ALL=C "$sockdrill" trace -o echo.log echo --help
lacks out 'sockdrill'
expect 2 '--ladder does not go with --json' "$sockdrill" trace --ladder --json -- true
one_line
expect 2 'give a command' "$sockdrill" trace --ladder
one_line

# ---- Cases ----

expect 0 'connect' "$sockdrill" run "$case" --trace always -vv
ladder out >here
[ "$(grep -c '(ends)$' here)" -eq 2 ] || not_so "both roles end" here
holds here 'client ' 'server' 'listen(3, 1) = 0' 'accept(3' 'recvfrom(3, "'
expect 0 '' "$sockdrill" run "$case" --trace fail --report jsonl:good.jsonl
holds good.jsonl '"verdict":"pass"'
lacks good.jsonl '"calls"'
expect 2 '--trace does not go with --here' "$sockdrill" run "$case" --trace always --here client
one_line
expect 0 'recvfrom(3, "' "$sockdrill" run "$case" --trace always -vv --isolation none
if [ "$(id -u)" -eq 0 ] && command -v setpriv >/dev/null; then
	chmod 755 "$dir" && cp "$sockdrill" sockdrill
	for isolation in auto none; do
		expect 0 'recvfrom(3, "' setpriv --reuid=65534 --regid=65534 --clear-groups ./sockdrill run "$case" \
			--trace always -vv --isolation $isolation
	done
fi

# What is not as expected is shown with its calls in every report: here a pass that should not be one.
echo "*/*/* $case fail known" >known.expect
: >summary
expect 1 '' env GITHUB_STEP_SUMMARY=summary "$sockdrill" run "$case" --trace fail --expect known.expect \
	--report pretty --report tap:r.tap --report junit:r.xml --report ctrf:r.ctrf --report github:r.github \
	--report markdown:r.md --report html:r.html --report jsonl:r.jsonl
for report in out r.tap r.xml r.ctrf summary r.md r.html; do
	holds $report 'listen(3, 1) = 0' 'accept(3' 'connect(3'
done
holds r.jsonl '"calls":[' '"call":"accept"'

if "$sockdrill" report --help >/dev/null 2>&1; then
	# The same file gives the same ladders, later and elsewhere.
	expect 0 '' "$sockdrill" report --from r.jsonl --report jsonl:again.jsonl
	for file in r again; do
		grep -o '"calls":.*' $file.jsonl >$file.calls
	done
	same_files "recorded calls" r.calls again.calls
	ladder r.tap >first.ladder
	expect 0 '' "$sockdrill" report --from r.jsonl -vv
	ladder out >later.ladder
	same_files "ladders of the run and of its results file" first.ladder later.ladder
	expect 0 '' "$sockdrill" report --from r.jsonl --report html:again.html
	for file in r again; do
		sed -n '/<svg class="ladder"/,/<\/svg>/p' $file.html |
			sed 's/.*<svg class/<svg class/' >$file.picture
	done
	same_files "pictures of the run and of its results file" r.picture again.picture

	expect 0 'Run here' "$sockdrill" explain "${case%/*}" --run
	holds out "${case%/*}/inet  " 'The program (cases/' 'recv again  0  ok' 'listen(3, 1) = 0' '1 pass'
	expect 0 "${case%/*}/unix  " "$sockdrill" explain "${case%/*}/unix" --run
	expect 4 "'recv_*' matches " "$sockdrill" explain 'recv_*' --run
	one_line
	one_line
	expect 2 'give one case' "$sockdrill" explain --run
	one_line
	expect 2 "unknown option '--walk'" "$sockdrill" explain "$case" --walk
	one_line
fi

# ---- Disturbed ----

expect 0 '6 fail, 0 only break or time out' "$sockdrill" run --disturb 'recv_zero*' -v
for instance in length_with_data on_orderly_close; do
	for family in inet inet6 unix; do
		grep -Eq "^fails +recv_zero_$instance/$family  .*(client|server) call [0-9]+, [a-z_0-9]+\(.* told as " out ||
			not_so "it says how recv_zero_$instance/$family fails" out
	done
done
expect 0 ' 0 survive ' "$sockdrill" run --disturb "$case" --isolation none
lacks out 'fails  '
expect 4 'no case matches' "$sockdrill" run --disturb 'nothing*'
one_line
for options in '--report tap' '--expect known.expect' '--repeat 2' '--retries 1' --until-fail '--here client' \
	'--trace always' '--pcap always'; do
	# shellcheck disable=SC2086 # words
	expect 2 '--disturb goes with' "$sockdrill" run --disturb "$case" $options
	one_line
done

finish "traced and disturbed runs are as documented"
