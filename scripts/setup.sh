# shellcheck shell=bash
# Sourced by the commands in this folder: brings the machine and .venv up to what they need.
#
#   . "$(dirname "${BASH_SOURCE[0]}")/setup.sh"
#   PACKAGES+=("flite: a voice for the tests")    # Debian packages beyond the product's
#   setup dev                                     # an extra of pyproject.toml, or `product`
#
# Nothing is done twice: what is up to date costs a few hundredths of a second to find out.
#
# shellcheck disable=SC2030,SC2031 # setup is a subshell, and everything below is called from inside it

PROJECT=$(realpath "$(dirname "${BASH_SOURCE[0]}")/..")

# Debian's name, and what it is for.
PACKAGES=(
  "libportaudio2: microphone and speaker"
  "libespeak-ng1: the voice"
  "libspeexdsp1: echo cancellation"
  "libsonic0: slower and faster speech"
  "libatomic1: Vosk on a Raspberry Pi"
)

# What writes a model's graph. The plug-ins are called after the library's version, another in every Debian.
# shellcheck disable=SC2034 # for the commands that need them
GRAPH_PACKAGES=(
  "libfst-tools: writes a model's graph"
  "libfst$(. /etc/os-release 2>/dev/null && [ "${VERSION_ID-}" = 12 ] && echo 22 || echo 26)-plugins-base: the kind that is read at the bedside"
)

say() { printf '%s\n' "$*" >&2; }
die() { say "$*"; exit 1; }

# A subshell, so that the caller's folder stays as it is and the lock ends with it.
setup() (
  local extra=$1 complaint=""
  PATH=${PATH//"$PROJECT/.venv/bin:"/} # an environment cannot make itself anew
  cd "$PROJECT" || exit
  exec 9<pyproject.toml
  flock --nonblock 9 || { say "Another set-up is at work here; waiting for it to end."; flock 9; }
  up_to_date || find_python
  install_packages
  up_to_date || install_python
)

# What .venv is made from, and for whom: a change of any means installing again.
fingerprint() {
  sha256sum <pyproject.toml
  .venv/bin/python --version 2>&1
  printf '%s\n' "$PROJECT" # programs in .venv/bin name their interpreter by its full path
}

up_to_date() {
  [ ! -e .venv/unfinished ] && [ -e ".venv/installed-$extra" ] &&
    [ "$(<".venv/installed-$extra")" = "$(fingerprint)" ]
}

# Whether there is an environment to install into. One that an interruption left half made, or whose
# Python has gone or been replaced by the next version, is not.
usable() { [ ! -e .venv/unfinished ] && .venv/bin/python -c 'import pip' 2>/dev/null; }

find_python() {
  local version
  usable && return
  for python in python3 python3.13 python3.12 python3.11; do
    if "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      "$python" -c 'import ensurepip, venv' 2>/dev/null || PACKAGES+=(
        "$("$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])'): Python's virtual environments"
      )
      return
    fi
  done
  version=$(python3 --version 2>/dev/null) || version="no Python"
  die "Python 3.11 or newer is needed and there is $version here: upgrade to Debian 12 or Raspberry Pi OS 12" \
    "(or later), or install a newer Python as python3.11, python3.12 or python3.13, then start again."
}

install_packages() {
  local entry missing=() told=() installed root=()
  command -v dpkg-query >/dev/null ||
    die "This is not Debian or Raspberry Pi OS, so what is missing cannot be installed from here: install" \
      "PortAudio, espeak-ng and SpeexDSP in your system's own way, then python3 -m venv .venv," \
      ".venv/bin/pip install -e . and .venv/bin/voicecramp run."
  # It fails when it does not know a package, and still lists the others.
  # shellcheck disable=SC2016 # dpkg-query's variables, not the shell's
  installed=$(dpkg-query --show --showformat '<${Package} ${db:Status-Status}>' "${PACKAGES[@]%%:*}" 2>/dev/null) || true
  for entry in "${PACKAGES[@]}"; do
    [[ $installed == *"<${entry%%:*} installed>"* ]] && continue
    missing+=("${entry%%:*}")
    told+=("${entry%%:*} (${entry#*: })")
  done
  [ ${#missing[@]} = 0 ] && return

  local apt list by_hand="apt-get install ${missing[*]}"
  list=$(printf '%s, ' "${told[@]}")
  list=${list%, }
  if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null ||
      die "Missing: $list. Installing needs root and there is no sudo here: as root, run $by_hand, then start again."
    root=(sudo)
    by_hand="sudo $by_hand"
  fi
  say "Installing from Debian${root:+, with sudo}: $list."
  # An interrupted installation is ended first; another one at work is waited for. Lists that cannot be
  # brought up to date may still do, so only the installation itself decides.
  apt=("${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300)
  attempt "${root[@]}" dpkg --configure -a || true
  attempt "${apt[@]}" update || true
  attempt "${apt[@]}" install --yes --no-install-recommends "${missing[@]}" ||
    die "The Debian packages could not be installed $(reason): put that right, run $by_hand, then start again."
}

install_python() {
  local quiet=() target=.
  [ "$extra" = product ] || target=".[$extra]"
  if ! usable; then
    say "Making a virtual environment in .venv."
    # Not --clear, which would take the mark of the unfinished with it.
    if ! { attempt rm -rf .venv && attempt mkdir .venv && attempt touch .venv/unfinished && attempt "$python" -m venv .venv; }; then
      die "No virtual environment could be made in $PROJECT/.venv $(reason):" \
        "put that right and start again, or run python3 -m venv --clear .venv there."
    fi
  fi
  say "Installing the Python packages into .venv (some minutes the first time)."
  [ -t 2 ] || quiet=(--quiet)
  touch .venv/unfinished
  if ! attempt .venv/bin/python -m pip --disable-pip-version-check --no-input "${quiet[@]}" install --editable "$target"; then
    # pip undoes what it began, unless there was no room even for that.
    disk_full || rm .venv/unfinished
    die "The Python packages could not be installed $(reason): put that right and start again," \
      "or run .venv/bin/pip install --editable '$target' in $PROJECT."
  fi
  fingerprint >.venv/installed-product
  fingerprint >".venv/installed-$extra"
  rm .venv/unfinished
}

# Runs a command: what it prints goes to the terminal, what it complains of is added to `complaint`.
# It does not get the lock, which a daemon that it starts would keep.
attempt() { { complaint+=$("$@" 2>&1 >&3 3>&- 9<&-)$'\n'; } 3>&2; }

# Why an attempt failed, as an end of a sentence.
reason() {
  case $complaint in
    *"Retrying (Retry"* | *"Temporary failure"* | *"Could not resolve"* | *"Could not connect"* | *"Connection failed"*)
      echo "because there is no network here or the package server does not answer" ;;
    *)
      if disk_full; then
        echo "because the disk is full"
      else
        awk '/^(E|ERROR|Error): /{ error = $0 } NF{ last = $0 } END{ print "(" (error ? error : last ? last : "without a word") ")" }' <<<"$complaint"
      fi ;;
  esac
}

# Not everything that stumbles over a full disk says so.
disk_full() { [[ $complaint == *"No space left"* ]] || (($(df --output=avail . | tail -n 1) < 1024)); }
