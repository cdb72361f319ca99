namespace Orleans.Turns;

/// <summary>The answer of a call that has none.</summary>
internal readonly struct Unit;
