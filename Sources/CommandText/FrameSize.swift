import ArgumentParser
import TerminalCanvas

/// A screen size, written `160x48`.
package struct FrameSize: ExpressibleByArgument {
  package let size: Size

  package init?(argument: String) {
    let parts = argument.lowercased().split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
    guard parts.count == 2, let width = parts[0], let height = parts[1], (1...1000).contains(width), (1...500).contains(height) else {
      return nil
    }
    size = Size(width: width, height: height)
  }

  package init(_ width: Int, _ height: Int) { size = Size(width: width, height: height) }

  package var defaultValueDescription: String { "\(size.width)x\(size.height)" }
}
