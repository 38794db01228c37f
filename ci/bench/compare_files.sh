#!/bin/sh
# compare_files.sh -- results files to be compared: as many systems as asked for, made from a real run. The
# cases of the run are used again under other names until there are enough; a tenth of the results differs
# between any two systems.
# usage: compare_files.sh RUN.jsonl DIRECTORY FILES RESULTS
set -eu
awk -v dir="$2" -v files="$3" -v wanted="$4" '
/"type":"run"/ { run = $0 }
/"type":"result"/ { results[count++] = $0 }
/"type":"end"/ { end = $0 }
END {
	for (f = 1; f <= files; f++) {
		out = sprintf("%s/system%02d.jsonl", dir, f)
		line = run
		sub(/"stack":"[^"]*"/, sprintf("\"stack\":\"system%02d\"", f), line)
		print line >out
		for (i = 0; i < wanted; i++) {
			line = results[i % count]
			if (i >= count)
				sub(/"case":"/, sprintf("\"case\":\"again%d_", int(i / count)), line)
			if (f > 1 && (i + f) % 20 == 0)
				sub(/"value":"/, sprintf("\"value\":\"%d", f), line)
			print line >out
		}
		print end >out
		close(out)
	}
}' "$1"
