#!/bin/sh
# pcap_test.sh -- the files of `run --pcap`, as tshark reads them: which there are, and every packet in them once.
# usage: pcap_test.sh SOCKDRILL
set -u
sockdrill=$(realpath "$1")
command -v tshark >/dev/null || { echo "no tshark here: sh ci/setup.sh test installs it"; exit 77; }
"$sockdrill" doctor | grep -q '^yes isolation' || { echo "no private networks here"; exit 77; }
dir=$(mktemp -d) || exit 99
trap 'rm -rf "$dir"' EXIT
cd "$dir" || exit 99
failures=0

not_so() {
	echo "NOT SO: $*"
	failures=$((failures + 1))
}

# run STATUS ARGUMENT...: its output is in the file out.
run() {
	want=$1
	shift
	"$sockdrill" run "$@" >out 2>&1 </dev/null
	got=$?
	[ "$got" -eq "$want" ] && return
	not_so "status $want but $got: run $*"
	sed 's/^/  | /' out | head -20
}

# files DIRECTORY NAME...: these are in it and no others.
files() {
	where=$1
	shift
	listed=$(ls -A "$where" 2>/dev/null | tr '\n' ' ')
	[ "$listed" = "${*:+$* }" ] || not_so "in $where are '$listed', wanted '$*' (after: $(tail -n 1 out))"
}

# field FILE FILTER FIELD: the values in one line; complaints count.
field() {
	tshark -n -r "$1" -Y "$2" -T fields -e "$3" 2>complaints | tr '\n' ' '
	grep -v 'Running as user' complaints && not_so "tshark reads $1 without complaint"
}

# same WHAT GOT WANTED
same() {
	[ "$2" = "$3" ] || not_so "$1: got '$2', wanted '$3'"
}

stream=recv_zero_length_with_data
datagrams=udp_recv_order_loopback
run 0 "$stream" "$datagrams" --pcap always --pcap-dir all
files all $stream.inet.pcapng $stream.inet6.pcapng $datagrams.inet.pcapng $datagrams.inet6.pcapng
grep -q "kept the packets of 4 pairs in all; 1 sent none" out || not_so "the end of the run names all: $(cat out)"
for family in inet inet6; do
	file=all/$stream.$family.pcapng
	# Sequence numbers begin with 1 behind the SYN: each side's SYN, its data, its FIN.
	same "SYN of $family" "$(field $file 'tcp.flags.syn==1' tcp.flags)" "0x0002 0x0012 "
	same "first of $family" "$(field $file 'frame.number<=3' tcp.flags)" "0x0002 0x0012 0x0010 "
	same "data of $family" "$(field $file 'tcp.len>0' tcp.payload)" "616263646566 "
	same "FIN of $family" "$(field $file 'tcp.flags.fin==1' tcp.flags.fin | wc -w)" 2
	same "twins in $family" "$(field $file 'tcp.analysis.retransmission||tcp.analysis.duplicate_ack' frame.number)" ""
	same "foreign in $family" "$(field $file '!tcp' frame.number)" ""
	file=all/$datagrams.$family.pcapng
	same "datagrams of $family" "$(field $file udp udp.payload | tr -d ' ')" \
		"$(field $file '' frame.number | tr ' ' '\n' | awk 'NF { printf "%02x", $1 - 1 }')"
done
same "ports of IPv6" "$(field all/$datagrams.inet6.pcapng '!ipv6' frame.number)" ""
for file in all/*; do
	name=$(basename "$file" .pcapng)
	comment=$(capinfos -k "$file" 2>/dev/null | sed -n 's/^Capture comment: *//p')
	same "comment of $file" "$comment" "${name%.*}/${name##*.}"
	capinfos "$file" 2>/dev/null >info
	for line in 'Ethernet' 'nanoseconds (9)' 'Strict time order:   True' 'Name = lo'; do
		grep -qF "$line" info || not_so "capinfos says '$line' of $file"
	done
done

began=$(field all/$stream.inet.pcapng 'frame.number==1' frame.time_epoch | cut -d. -f1)
age=$(($(date +%s) - began))
[ "$age" -ge 0 ] && [ "$age" -lt 600 ] || not_so "what was captured now is $age s old"

# Only what is not as expected: a case that is said to have no time, and has it; then it has none.
late=listen_tcp_backlog_overflow_syn_dropped/inet
echo "*/*/* $late timeout too slow" >slow.expect
run 1 "$late" "$stream" --pcap fail --pcap-dir some --expect slow.expect --report jsonl:some.jsonl
files some ${late%/*}.inet.pcapng
same "SYNs of what failed" "$(field some/${late%/*}.inet.pcapng 'tcp.flags==2' tcp.flags)" "0x0002 0x0002 "
grep -q "\"case\":\"${late%/*}\".*\"pcap\":\"some/${late%/*}.inet.pcapng\"" some.jsonl || not_so "results name the file"
same "files named" "$(grep -c '"pcap"' some.jsonl)" 1
run 0 "$late" --timeout-multiplier 0.01 --timeout 500 --pcap fail --pcap-dir some --expect slow.expect
files some
run 1 "$late" --timeout-multiplier 0.01 --timeout 500 --pcap fail --pcap-dir some
grep -q "  packets: some/${late%/*}.inet.pcapng" out || not_so "the report names the file"
files some ${late%/*}.inet.pcapng
run 0 "$late" --pcap fail --pcap-dir some
files some
run 1 "$late" --timeout-multiplier 0.01 --timeout 500 --pcap fail --pcap-dir some --retries 1
files some ${late%/*}.inet.1.pcapng ${late%/*}.inet.2.pcapng
rm -r some
run 0 "$stream/inet" --repeat 3 --pcap always --pcap-dir some
files some $stream.inet.1.pcapng $stream.inet.2.pcapng $stream.inet.3.pcapng
rm -r some
for shard in 1 2; do
	run 0 "$stream/inet*" --shard $shard/2 --pcap always --pcap-dir some
done
files some $stream.inet.pcapng $stream.inet6.pcapng

# A network of its own has its own tap, and the one after it again.
own=$("$sockdrill" list --json | sed -n '/"inet".*"own-net"/s/.*"case":"\([^"]*\)".*/\1/p' | grep -v netem | head -n 3)
rm -r some
# shellcheck disable=SC2086 # a list of words
run 0 $own "$stream" --family inet -j 1 --pcap always --pcap-dir some
same "data after networks" "$(field some/$stream.inet.pcapng 'tcp.len>0' tcp.payload)" "616263646566 "

# Without a directory a new one is made, and stays only with something in it.
mkdir tmp
TMPDIR=$dir/tmp run 0 "$stream" --pcap fail
files tmp
TMPDIR=$dir/tmp run 0 "$stream/unix" --pcap always
files tmp
TMPDIR=$dir/tmp run 0 "$stream/inet" --pcap always
files "$(sed -n 's/.* in \(.*sockdrill\.......\).*/\1/p' out)" $stream.inet.pcapng
run 3 "$stream" --pcap fail --pcap-dir no/such
run 2 "$stream" --pcap fail --isolation none
if [ -w /dev/full ]; then
	mkdir full && ln -s /dev/full "full/$stream.inet.pcapng"
	run 0 "$stream/inet" --pcap always --pcap-dir full
	[ -f "full/$stream.inet.pcapng" ] && [ ! -L "full/$stream.inet.pcapng" ] || not_so "what has the name is replaced"
fi

# An ordinary user has the network of a world to himself, too.
if [ "$(id -u)" -eq 0 ]; then
	chmod 755 "$dir" && cp "$sockdrill" sockdrill && mkdir -m 777 user
	if (cd / && setpriv --reuid=65534 --regid=65534 --clear-groups "$dir/sockdrill" doctor) |
		grep -q '^yes isolation'; then
		setpriv --reuid=65534 --regid=65534 --clear-groups "$dir/sockdrill" run "$stream" \
			--pcap always --pcap-dir user >out 2>&1 || not_so "a user captures: $(cat out)"
		files user $stream.inet.pcapng $stream.inet6.pcapng
		same "data of a user" "$(field user/$stream.inet.pcapng 'tcp.len>0' tcp.payload)" "616263646566 "
	fi
fi

[ "$failures" -eq 0 ] && echo "packets are kept as documented"
exit "$((failures > 0))"
