#!/bin/sh
# Makes the namespace with its retention and search attributes; safe to run again.
# Works on any cluster whose operator API is open (not Temporal Cloud: docs/deploying.md).
# The `temporal` program reads address, namespace, TLS and API key from the TEMPORAL_* variables.
set -eu
here=$(dirname "$0")
retention=${TEMPORAL_RETENTION:-30d}
namespace=${TEMPORAL_NAMESPACE:-default}

if temporal operator namespace describe --namespace "$namespace" >/dev/null 2>&1; then
    temporal operator namespace update --namespace "$namespace" --retention "$retention"
else
    temporal operator namespace create --namespace "$namespace" --retention "$retention"
fi

# A new namespace becomes known to every part of the server only after some seconds.
attempts=0
until known=$(temporal operator search-attribute list --namespace "$namespace"); do
    attempts=$((attempts + 1))
    if [ "$attempts" -ge 30 ]; then
        echo "the namespace $namespace does not answer" >&2
        exit 1
    fi
    sleep 1
done

while read -r name kind; do
    case "$name" in '' | '#'*) continue ;; esac
    if echo "$known" | grep -Eq "^[[:space:]]*$name[[:space:]]+$kind[[:space:]]*$"; then
        continue
    fi
    temporal operator search-attribute create --namespace "$namespace" \
        --name "$name" --type "$kind" </dev/null
done <"$here/search-attributes"
