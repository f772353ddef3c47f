# shellcheck shell=bash disable=SC2154
# What Tocsin needs from Debian, and how it gets there. Sourced by ./dev, which
# brings `say`, `die`, `quietly`, $root and $logs.
#
# Two ways in, on purpose:
#  * Libraries and compilers are installed as packages. None of them starts a
#    service.
#  * Peers (the real Alertmanager that pages us, Prometheus' promtool that judges
#    our metrics) come in packages of daemons: installing one would start it on
#    the user's machine. They are downloaded and unpacked under build/peers and
#    nowhere else, so nothing is started, no user is made, and removing build/
#    removes them. A peer that is already installed is used as it is.

# Debian 12 has Boost 1.81 beside its default 1.74, which is too old.
boost_suffix() {
  local version_id=
  # shellcheck source=/dev/null
  [[ -r /etc/os-release ]] && version_id=$(. /etc/os-release && echo "${VERSION_ID:-}")
  if [[ $version_id == 12 ]]; then echo 1.81; fi
}

# packages GROUP...: the names of the packages of these groups.
packages() {
  local boost group
  boost=$(boost_suffix)
  for group in "$@"; do
    case $group in
      build)
        echo g++ cmake ninja-build pkg-config \
          "libboost${boost}-dev" "libboost-json${boost}-dev" \
          "libboost-url${boost}-dev" "libboost-program-options${boost}-dev" \
          libsqlite3-dev libre2-dev libcurl4-openssl-dev libssl-dev \
          libcrypt-dev libyaml-dev libyaml-cpp-dev libspdlog-dev libfmt-dev \
          libpistache-dev prometheus-cpp-dev libhowardhinnant-date-dev \
          zlib1g-dev tzdata
        ;;
      run-demo) echo python3 ;;
      test)
        # wrk is a tool, no daemon; its Lua library must come with it.
        echo ccache curl openssl wrk python3 python3-jsonschema python3-yaml \
          "libboost-test${boost}-dev"
        ;;
      lint) echo clang-format-14 clang-tidy-14 clang-14 python3 ;;
      check) echo clang-14 libclang-rt-14-dev ;;
      *) die "no package group named $group" ;;
    esac
  done
}

# clang 14 is the judge of format, tidiness, thread safety and the engine of
# the fuzzers. Only Debian 12 has it.
has_clang14() { apt-cache show clang-14 >/dev/null 2>&1 || command -v clang++-14 >/dev/null; }

# become_root: sets `as_root` to what makes a command run as root, or gives up.
as_root=()
become_root() {
  ((EUID != 0)) || return 0
  as_root=(sudo)
  if ! command -v sudo >/dev/null || { [[ ! -t 0 ]] && ! sudo -n true 2>/dev/null; }; then
    die "packages are missing, and neither root nor sudo is at hand; as root, run: apt-get install --no-install-recommends $*"
  fi
}

apt_updated=
apt_update() {
  [[ -z $apt_updated ]] || return 0
  say "asking Debian for its package lists"
  # A broken third-party source must not stop us: the install will tell.
  "${as_root[@]}" apt-get update -qq >>"$logs/apt.log" 2>&1 ||
    say "apt-get update complained (see build/logs/apt.log); going on"
  apt_updated=yes
}

# ensure GROUP...: installs what is missing; says nothing if nothing is.
ensure() {
  [[ ${TOCSIN_DEPS:-} != skip ]] || return 0
  command -v dpkg-query >/dev/null ||
    die "this is no Debian: install what tools/deps.sh names, then set TOCSIN_DEPS=skip"
  local wanted missing
  read -ra wanted <<<"$(packages "$@" | tr '\n' ' ')"
  missing=$(comm -13 \
    <(dpkg-query -W -f '${db:Status-Abbrev}${Package}\n' "${wanted[@]}" 2>/dev/null |
      sed -n 's/^ii //p' | sort -u) \
    <(printf '%s\n' "${wanted[@]}" | sort -u))
  [[ -n $missing ]] || return 0
  # shellcheck disable=SC2086  # one word a package
  become_root $missing
  apt_update
  say "installing $(wc -w <<<"$missing") packages with apt-get: $(tr '\n' ' ' <<<"$missing")"
  # shellcheck disable=SC2086  # one word a package
  quietly apt.log "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y \
    --no-install-recommends -o DPkg::Lock::Timeout=120 $missing
}

# ensure_peers: the programs that Tocsin is told and judged by are on the PATH.
ensure_alertmanager() {
  ensure_peer prometheus-alertmanager prometheus-alertmanager
  local unpacked=$root/build/peers/usr/bin/prometheus-alertmanager
  if [[ $(head -c 4 "$unpacked" 2>/dev/null) == $'\x7fELF' ]]; then
    rebase_alertmanager "$unpacked"
  fi
}

# Debian's build reads its message templates from a fixed place that only an
# installation fills. The unpacked copy gets a relative path of the same length,
# and a script before it goes where that leads; so its own arguments must be
# absolute paths.
rebase_alertmanager() {
  local real=$root/build/peers/usr/lib/prometheus-alertmanager
  mkdir -p "$(dirname "$real")"
  mv "$1" "$real"
  LC_ALL=C sed -i \
    's|/usr/share/prometheus/alertmanager|usr//share/prometheus/alertmanager|g' \
    "$real"
  cat >"$1" <<'EOF'
#!/bin/sh
cd "$(dirname "$0")/../.." && exec usr/lib/prometheus-alertmanager "$@"
EOF
  chmod +x "$1"
}

ensure_peers() {
  ensure_alertmanager
  ensure_peer prometheus prometheus
  # Debian 12 has it in the package of the server, later ones on its own.
  local package=promtool
  [[ -n $(apt-cache madison promtool 2>/dev/null) ]] || package=prometheus
  ensure_peer "$package" promtool
  ensure_peer nginx nginx
}

# ensure_peer PACKAGE PROGRAM
ensure_peer() {
  local package=$1 program=$2 dir=$root/build/peers
  [[ $PATH == *"$dir"* ]] || PATH=$PATH:$dir/usr/bin:$dir/usr/sbin
  command -v "$program" >/dev/null && return 0
  [[ ${TOCSIN_DEPS:-} != skip ]] || die "no $program on the PATH"
  mkdir -p "$dir"
  say "unpacking $package under build/peers (not installed, no service)"
  (cd "$dir" && download "$package")
  dpkg-deb -x "$dir/$package"_*.deb "$dir"
  rm "$dir/$package"_*.deb
  command -v "$program" >/dev/null || die "Debian's $package has no $program"
}

# download PACKAGE: into the current folder; asks for newer lists if those that
# are here name what is no longer there.
download() {
  apt-get download -qq "$1" >>"$logs/apt.log" 2>&1 && return 0
  become_root "$1"
  apt_update
  quietly apt.log apt-get download -qq "$1"
}
