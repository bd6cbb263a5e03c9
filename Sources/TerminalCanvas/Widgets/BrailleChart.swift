/// Signed values over time, in dots of half a column by a quarter of a row. Gaps stay gaps.
public struct BrailleChart: Hashable, Sendable {
  /// A value at a time.
  public struct Sample: Hashable, Sendable {
    /// Seconds.
    public var time: Double
    /// `nil`, or not finite: nothing was measured; the line is broken there.
    public var value: Double?

    /// Makes a sample.
    public init(time: Double, value: Double?) {
      self.time = time
      self.value = value
    }
  }

  /// One line.
  public struct Series: Hashable, Sendable {
    /// In the order of time.
    public var samples: [Sample]
    /// Style of its dots; where lines cross, that of the later series counts.
    public var style: Style
    /// Samples further apart in seconds are not joined; `nil` joins all.
    public var gapAfter: Double?

    /// Makes a line.
    public init(_ samples: [Sample], style: Style = .plain, gapAfter: Double? = nil) {
      self.samples = samples
      self.style = style
      self.gapAfter = gapAfter
    }
  }

  /// A horizontal dotted line.
  public struct Threshold: Hashable, Sendable {
    /// Where.
    public var value: Double
    /// Text at its left, as `+120`.
    public var label: String
    /// Text at its right end, as `late`.
    public var right: String
    /// Style of line and texts.
    public var style: Style
    /// Whether the line is drawn, or only its labels (as for 0).
    public var isLine: Bool

    /// Makes a threshold.
    public init(_ value: Double, label: String = "", right: String = "", style: Style = .plain, isLine: Bool = true) {
      self.value = value
      self.label = label
      self.right = right
      self.style = style
      self.isLine = isLine
    }
  }

  /// A moment, as a loop point: a character in the bottom row.
  public struct Mark: Hashable, Sendable {
    /// When.
    public var time: Double
    /// Its character.
    public var glyph: Character
    /// Its style.
    public var style: Style

    /// Makes a mark.
    public init(time: Double, glyph: Character, style: Style = .plain) {
      self.time = time
      self.glyph = glyph
      self.style = style
    }
  }

  /// Lines.
  public var series: [Series]
  /// Values at the bottom and at the top; values outside are drawn at the edge. By default what fits all values and thresholds.
  public var range: ClosedRange<Double>?
  /// Horizontal lines with labels.
  public var thresholds: [Threshold]
  /// Spans of time behind.
  public var bands: [TimeBand]
  /// Moments.
  public var marks: [Mark]
  /// The time cursor.
  public var cursor: Double?
  /// Laid over the cursor's column.
  public var cursorStyle: Style
  /// Columns kept free at the left for the labels; by default the widest label and one.
  public var labelWidth: Int?
  /// Characters.
  public var glyphs: GlyphSet

  /// Makes a chart.
  public init(
    series: [Series], range: ClosedRange<Double>? = nil, thresholds: [Threshold] = [], bands: [TimeBand] = [], marks: [Mark] = [],
    cursor: Double? = nil, cursorStyle: Style = Style(attributes: .reverse), labelWidth: Int? = nil, glyphs: GlyphSet = .unicode
  ) {
    self.series = series
    self.range = range
    self.thresholds = thresholds
    self.bands = bands
    self.marks = marks
    self.cursor = cursor
    self.cursorStyle = cursorStyle
    self.labelWidth = labelWidth
    self.glyphs = glyphs
  }
}
