/// How much something goes with failure.
package enum Ochiai {
  /// 1 for what is in every bad run and in no good one, 0 for what is in no bad one.
  ///
  /// Ochiai, Bulletin of the Japanese Society of Scientific Fisheries 22 (1957), 526-530; for the localisation of faults Abreu, Zoeteweij and
  /// van Gemund, "An Evaluation of Similarity Coefficients for Software Fault Localization", PRDC 2006: e_f / √((e_f + n_f)(e_f + e_p)).
  /// - Parameters:
  ///   - bad: the bad runs that have it.
  ///   - good: the good runs that have it.
  package static func similarity(bad: Proportion, good: Proportion) -> Double {
    guard bad.count > 0 else { return 0 }
    return Double(bad.count) / (Double(bad.trials) * Double(bad.count + good.count)).squareRoot()
  }
}
