using System.Diagnostics;

namespace Orleans.Turns;

/// <summary>What flows from caller to grain beside the arguments: the current activity and the request context. Nothing else does.</summary>
internal sealed class Ambient
{
    private readonly Activity? _activity;
    private readonly IReadOnlyDictionary<string, object>? _values;

    private Ambient(Activity? activity, IReadOnlyDictionary<string, object>? values)
    {
        _activity = activity;
        _values = values;
    }

    public static Ambient? Capture()
    {
        var activity = Activity.Current;
        var values = RequestContext.Current;
        return activity is null && values is null ? null : new Ambient(activity, values);
    }

    public void Enter()
    {
        if (_activity is not null) Activity.Current = _activity;
        if (_values is not null) RequestContext.Current = _values;
    }
}
