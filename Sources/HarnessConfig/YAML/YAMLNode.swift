/// A place in a text: line and column, both from 1.
struct YAMLMark: Hashable {
  let line: Int
  let column: Int
}

/// One node of a YAML document. Aliases stand for what they name; tags are not looked at: what a text means is said by the field that it is for.
indirect enum YAMLNode {
  struct Scalar {
    let string: String
    /// Whether it stands without quotation marks: only then `null` means nothing.
    let isPlain: Bool
    let mark: YAMLMark
  }

  case scalar(Scalar)
  case sequence([YAMLNode], YAMLMark)
  case mapping([(key: YAMLNode, value: YAMLNode)], YAMLMark)

  /// Where it begins.
  var mark: YAMLMark {
    switch self {
    case .scalar(let scalar): scalar.mark
    case .sequence(_, let mark), .mapping(_, let mark): mark
    }
  }

  /// The text of a scalar; nil for a list or a mapping.
  var text: String? {
    guard case .scalar(let scalar) = self else { return nil }
    return scalar.string
  }
}
