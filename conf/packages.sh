#!/bin/sh
# Installs the Debian packages of conf/packages that this machine lacks, and says what it does.
# Asks dpkg once; where nothing is missing it only costs that. Usage: packages.sh run|test
set -eu
here=$(dirname "$0")
sets=run
[ "${1:-run}" = test ] && sets="run test"

wanted=
section=
while read -r name mark command _; do
	case $name in
	'' | '#'*) continue ;;
	'['*']')
		section=${name#[}
		section=${section%]}
		continue
		;;
	esac
	case " $sets " in *" $section "*) ;; *) continue ;; esac
	if [ "$mark" = '?' ] && command -v "$command" >/dev/null 2>&1; then
		continue
	fi
	wanted="$wanted $name"
done <"$here/packages"

# dpkg-query fails for a name it never heard of; that name is then simply not in its answer.
# shellcheck disable=SC2086
present=" $(dpkg-query -W -f '${db:Status-Status}:${Package} ' $wanted 2>/dev/null || true)"
missing=
for name in $wanted; do
	case $present in *" installed:$name "*) ;; *) missing="$missing $name" ;; esac
done
[ -n "$missing" ] || exit 0

root=
if [ "$(id -u)" != 0 ]; then
	if ! command -v sudo >/dev/null 2>&1; then
		echo "These packages are missing, and installing them needs root or sudo:$missing" >&2
		exit 1
	fi
	root=sudo
fi

# Debian would make and start a cluster of its own when the server is installed; the site brings its own.
case $missing in *postgresql-15*)
	settings=/etc/postgresql-common/createcluster.conf
	if ! grep -qs '^create_main_cluster *= *false' $settings; then
		echo "Telling Debian not to make a database cluster of its own ($settings)"
		$root mkdir -p /etc/postgresql-common
		echo 'create_main_cluster = false' | $root tee -a $settings >/dev/null
	fi
	;;
esac

echo "Installing from Debian:$missing"
$root env DEBIAN_FRONTEND=noninteractive apt-get update -qq
# --force-confold: the file written above is kept without a question.
# shellcheck disable=SC2086
$root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
	-o Dpkg::Options::=--force-confold -o Dpkg::Use-Pty=0 $missing
