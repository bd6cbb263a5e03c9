import Foundation
import ProcessGuard
import TestSupport

@testable import HarnessCore

/// A `docker` that records its calls and answers from files: `KEY.out`, `KEY.err`, `KEY.status`, and `KEY.sh`, which runs first.
struct FakeDocker: Sendable {
  let scratch: Scratch

  static let script = #"""
    #!/bin/sh
    dir=$(dirname "$0")
    echo "$*" >> "$dir/calls"
    case "$*" in
      "compose version"*) key=compose-version ;;
      "version "*) key=version ;;
      "context "*) key=context ;;
      "compose "*" config "*) key=config ;;
      "compose "*" build "*) key=build ;;
      "compose "*" create"*) key=create ;;
      "compose "*" up "*) key=up ;;
      "compose "*" ps "*) key=compose-ps ;;
      "compose "*" down "*) key=down; touch "$dir/is-down" ;;
      "ps "*"{{.ID}} {{.State}}"*) key=states ;;
      "ps "*|"network ls"*|"volume ls"*) key=left-$1
        case "$*" in *label=dubwatch.run=*) key=own-$1 ;; esac
        [ ! -e "$dir/is-up" ] || [ -e "$dir/is-down" ] && [ ! -e "$dir/$key.stays" ] && exit 0 ;;
      "rm "*|"network rm "*|"volume rm "*) key=remove; rm -f "$dir/left-$1.stays"; [ "$1" = rm ] && rm -f "$dir/left-ps.stays" ;;
      "inspect "*) key=inspect ;;
      "image "*) key=image ;;
      "pull "*) key=pull ;;
      "logs "*"--tail"*) key=tail ;;
      "logs "*) key=logs ;;
      "events "*) key=events ;;
      *) key=$1 ;;
    esac
    [ $key = create ] && touch "$dir/is-up"
    [ -e "$dir/$key.sh" ] && . "$dir/$key.sh"
    cat "$dir/$key.out" 2>/dev/null
    cat "$dir/$key.err" >&2 2>/dev/null
    exit $(cat "$dir/$key.status" 2>/dev/null || echo 0)
    """#

  init() throws {
    scratch = try Scratch()
    try scratch.write("docker", Self.script)
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: scratch.file("docker"))
    try answer("compose-version", "Docker Compose version v2.31.0\n")
    try answer("version", #"{"Client":{"Version":"28.2.2"},"Server":{"Version":"20.10.24+dfsg1"}}"#)
    try answer("context", "unix:///var/run/docker.sock\n")
  }

  /// Sets what a command answers.
  func answer(_ key: String, _ output: String = "", errors: String? = nil, status: Int = 0, script: String? = nil) throws {
    try scratch.write("\(key).out", output)
    if let errors { try scratch.write("\(key).err", errors) }
    try scratch.write("\(key).status", "\(status)")
    if let script { try scratch.write("\(key).sh", script) }
  }

  /// The calls so far, one line each.
  var calls: [String] {
    ((try? String(contentsOfFile: scratch.file("calls"), encoding: .utf8)) ?? "").split(separator: "\n").map(String.init)
  }

  /// The command as the driver uses it.
  func cli(_ processGuard: ProcessGuard) -> DockerCLI { DockerCLI(executable: scratch.file("docker"), processGuard: processGuard) }
}
