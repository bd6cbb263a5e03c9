import Foundation
import Manual

// Fills the lists of the manual's pages from the tables: `make docs`. With `--check` it changes nothing, and fails where one is not current.
var arguments = CommandLine.arguments.dropFirst()
let isCheck = arguments.first == "--check"
if isCheck { arguments.removeFirst() }
guard arguments.count == 1, let folder = arguments.first else {
  FileHandle.standardError.write(Data("usage: manualprinter [--check] FOLDER\n".utf8))
  exit(2)
}
var stale = false
for topic in ManualTopic.all {
  let path = "\(folder)/\(topic.file).md"
  let stored = try String(contentsOfFile: path, encoding: .utf8)
  let filled = try ManualPage.filled(stored)
  guard filled != stored else { continue }
  print(isCheck ? "\(path) is not current: make docs" : "\(path) written")
  stale = true
  if !isCheck { try filled.write(toFile: path, atomically: true, encoding: .utf8) }
}
exit(isCheck && stale ? 1 : 0)
