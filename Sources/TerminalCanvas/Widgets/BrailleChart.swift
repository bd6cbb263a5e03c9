/// Signed values over time, in dots of half a column by a quarter of a row. Gaps stay gaps.
package struct BrailleChart: Hashable, Sendable {
  /// A value at a time.
  package struct ChartSample: Hashable, Sendable {
    /// Seconds.
    package var time: Double
    /// `nil`, or not finite: nothing was measured; the line is broken there.
    package var value: Double?

    /// Makes a sample.
    package init(time: Double, value: Double?) {
      self.time = time
      self.value = value
    }
  }

  /// One line.
  package struct Series: Hashable, Sendable {
    /// In the order of time.
    package var samples: [ChartSample]
    /// Style of its dots; where lines cross, that of the later series counts.
    package var style: Style
    /// Samples further apart in seconds are not joined; `nil` joins all.
    package var gapAfter: Double?

    /// Makes a line.
    package init(_ samples: [ChartSample], style: Style = .plain, gapAfter: Double? = nil) {
      self.samples = samples
      self.style = style
      self.gapAfter = gapAfter
    }
  }

  /// A horizontal dotted line.
  package struct Threshold: Hashable, Sendable {
    /// Where.
    package var value: Double
    /// Text at its left, as `+120`.
    package var label: String
    /// Text at its right end, as `late`.
    package var right: String
    /// Style of line and texts.
    package var style: Style
    /// Whether the line is drawn, or only its labels (as for 0).
    package var isLine: Bool

    /// Makes a threshold.
    package init(_ value: Double, label: String = "", right: String = "", style: Style = .plain, isLine: Bool = true) {
      self.value = value
      self.label = label
      self.right = right
      self.style = style
      self.isLine = isLine
    }
  }

  /// A moment, as a loop point: a character in the bottom row.
  package struct Mark: Hashable, Sendable {
    /// When.
    package var time: Double
    /// Its character.
    package var glyph: Character
    /// Its style.
    package var style: Style

    /// Makes a mark.
    package init(time: Double, glyph: Character, style: Style = .plain) {
      self.time = time
      self.glyph = glyph
      self.style = style
    }
  }

  /// Lines.
  package var series: [Series]
  /// Values at the bottom and at the top; values outside are drawn at the edge. By default what fits all values and thresholds.
  package var range: ClosedRange<Double>?
  /// Horizontal lines with labels.
  package var thresholds: [Threshold]
  /// Spans of time behind.
  package var bands: [TimeBand]
  /// Moments.
  package var marks: [Mark]
  /// The time cursor.
  package var cursor: Double?
  /// Laid over the cursor's column.
  package var cursorStyle: Style
  /// Columns kept free at the left for the labels; by default the widest label and one.
  package var labelWidth: Int?
  /// Characters.
  package var glyphs: GlyphSet

  /// Makes a chart.
  package init(
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
