#!/bin/sh
# pcap_test.sh -- the files of `run --pcap`, as tshark reads them: which there are, and every packet in them once.
# usage: pcap_test.sh SOCKDRILL
set -u
sockdrill=$(realpath "$1")
command -v tshark >/dev/null || { echo "no tshark here: sh ci/setup.sh test installs it"; exit 77; }
"$sockdrill" doctor | grep -q '^yes isolation' || { echo "no private networks here"; exit 77; }
# shellcheck source=harness/cli/expect.sh
. "$(dirname "$0")/expect.sh"

# run STATUS ARGUMENT...: its output is in the file out.
run() {
	status=$1
	shift
	expect "$status" '' "$sockdrill" run "$@"
}

# files DIRECTORY NAME...: these are in it and no others.
files() {
	where=$1
	shift
	listed=$(ls -A "$where" 2>/dev/null | tr '\n' ' ')
	[ "$listed" = "${*:+$* }" ] || not_so "in $where are '$listed', wanted '$*' (after: $(tail -n 1 out))"
}

# keep FILE: its packets are looked at in the end; gives the number that field() knows it by. A dissector takes long
# to start: all files are read as one, each an interface of its own.
kept=""
keep() {
	copy=kept.$(echo "$kept" | wc -w).pcapng
	cp "$1" "$copy" || not_so "there is a file $1"
	kept="$kept $copy"
}

# dissect FILE: a line per packet, of the fields that field() knows.
dissect() {
	tshark -n -r "$1" -T fields -E 'separator=;' -e frame.interface_id -e tcp.flags -e tcp.payload -e udp.payload \
		-e frame.time_epoch -e tcp.analysis.retransmission -e tcp.analysis.duplicate_ack \
		-e frame.protocols 2>complaints
	grep -v 'Running as user' complaints >&2 && not_so "tshark reads $1 without complaint" >&2
}

# field NUMBER FIELD [CONDITION]: of the packets of one file for which the condition holds, in one line.
field() {
	awk -F ';' '{ file = $1; flags = $2; payload = $3; datagram = $4; time = $5; twin = $6 $7; protocols = $8 }
		file == '"$1"' { number++ }
		file == '"$1"' && ('"${3:-1}"') { printf "%s ", '"$2"' }' packets
}

stream=recv_zero_length_with_data
datagrams=udp_recv_order_loopback
run 0 "$stream" "$datagrams" --pcap always --pcap-dir all
files all $stream.inet.pcapng $stream.inet6.pcapng $datagrams.inet.pcapng $datagrams.inet6.pcapng
holds out "kept the packets of 4 pairs in all; 1 sent none"
capinfos all/* >info 2>/dev/null
for file in all/*; do
	keep "$file"
	name=$(basename "$file" .pcapng)
	comment=$(capinfos -k "$file" 2>/dev/null | sed -n 's/^Capture comment: *//p')
	same "comment of $file" "$comment" "${name%.*}/${name##*.}"
done
for line in 'File encapsulation: *Ethernet' 'File timestamp precision: *nanoseconds (9)' \
	'Strict time order: *True' 'Name = lo'; do
	same "files of which capinfos says '$line'" "$(grep -c "$line" info)" 4
done

# Only what is not as expected: a case that is said to have no time, and has it; then it has none.
late=listen_tcp_backlog_overflow_syn_dropped/inet
echo "*/*/* $late timeout too slow" >slow.expect
run 1 "$late" "$stream" --pcap fail --pcap-dir some --expect slow.expect --report pretty --report jsonl:some.jsonl
files some ${late%/*}.inet.pcapng
keep some/${late%/*}.inet.pcapng
holds out "  packets: some/${late%/*}.inet.pcapng"
grep -q "\"case\":\"${late%/*}\".*\"pcap\":\"some/${late%/*}.inet.pcapng\"" some.jsonl || not_so "results name the file"
same "files named" "$(grep -c '"pcap"' some.jsonl)" 1
run 0 "$late" --timeout-multiplier 0.01 --timeout 500 --pcap fail --pcap-dir some --expect slow.expect
files some
run 0 "$late" --pcap fail --pcap-dir some
files some
# Within a limit this small a pair may have sent nothing yet: of each try there is a file, or it is counted.
run 1 "$late" --timeout-multiplier 0.01 --timeout 500 --pcap fail --pcap-dir some --retries 1
silent=$(sed -n 's/.*; \([0-9]*\) sent none.*/\1/p' out)
tries=$(find some -name "${late%/*}.inet.[12].pcapng" | wc -l)
same "tries with packets and without" $((tries + ${silent:-0})) 2
rm -rf some
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
keep some/$stream.inet.pcapng

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
			--pcap always --pcap-dir user >out 2>&1 || not_so "a user captures" out
		files user $stream.inet.pcapng $stream.inet6.pcapng
		keep user/$stream.inet.pcapng
	fi
fi

# What is in the files, in the order in which they were kept.
# shellcheck disable=SC2086 # a list of words
mergecap -a -I none -w merged $kept && dissect merged >packets
dissect all/$stream.inet.pcapng >alone
same "a file by itself" "$(cat alone)" "$(grep '^0;' packets)"
for file in 0 1; do
	# Each side's SYN, its data, its FIN.
	same "SYN in $file" "$(field $file flags 'flags ~ /[2367abef]$/')" "0x0002 0x0012 "
	same "first in $file" "$(field $file flags 'number <= 3')" "0x0002 0x0012 0x0010 "
	same "data in $file" "$(field $file payload 'payload != ""')" "616263646566 "
	same "FIN in $file" "$(field $file flags 'flags ~ /[13579bdf]$/' | wc -w)" 2
	same "twins in $file" "$(field $file number 'twin != ""')" ""
	same "foreign in $file" "$(field $file protocols 'protocols !~ /:tcp/')" ""
done
for file in 2 3; do
	same "datagrams in $file" "$(field $file datagram 'protocols ~ /:udp/' | tr -d ' ')" \
		"$(field $file number | tr ' ' '\n' | awk 'NF { printf "%02x", $1 - 1 }')"
done
same "not IPv6 in 3" "$(field 3 number 'protocols !~ /:ipv6/')" ""
same "SYNs of what failed" "$(field 4 flags 'flags == "0x0002"')" "0x0002 0x0002 "
same "data after networks" "$(field 5 payload 'payload != ""')" "616263646566 "
case $kept in
*kept.6.*) same "data of a user" "$(field 6 payload 'payload != ""')" "616263646566 " ;;
esac
began=$(field 0 time 'number == 1' | cut -d. -f1)
age=$(($(date +%s) - began))
[ "$age" -ge 0 ] && [ "$age" -lt 600 ] || not_so "what was captured now is of now, and not $age s old"

finish "packets are kept as documented"
