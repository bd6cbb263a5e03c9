// What the tests kill with -9: a program that starts children, gives duties, says so and waits.
import ProcessGuard

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

ProcessGuard.runGuardIfRequested()

/// Written at once, whether standard output is a pipe or not.
@Sendable func say(_ text: String) {
  let bytes = Array(text.utf8)
  _ = write(1, bytes, bytes.count)
}

let arguments = CommandLine.arguments.dropFirst()
let processGuard = ProcessGuard()
var index = arguments.startIndex
/// `--shell SCRIPT` starts a child, `--remove PATH` and `--command SCRIPT` give duties; each prints `ready`, children print what they write.
while index + 1 < arguments.endIndex {
  let value = arguments[index + 1]
  do {
    switch arguments[index] {
    case "--shell":
      let child = try await processGuard.start(ChildRequest("/bin/sh", ["-c", value])) { _, bytes in
        say(String(decoding: bytes, as: UTF8.self))
      }
      say("child \(child.pid)\n")
    case "--remove": _ = try await processGuard.removeOnDeath(path: value)
    case "--command": _ = try await processGuard.runOnDeath(command: ["/bin/sh", "-c", value])
    default: exit(2)
    }
  } catch {
    say("failed \(error)\n")
    exit(1)
  }
  index += 2
}
say("ready\n")
// Ends when its standard input does, or by a signal.
var byte: UInt8 = 0
while read(0, &byte, 1) > 0 {}
await processGuard.shutdown(grace: 1)
say("done\n")
