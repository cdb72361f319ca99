namespace Orleans.Turns;

/// <summary>A first-in-first-out queue whose first item costs no memory: most activations never have two.</summary>
internal struct WorkQueue
{
    private const int FirstCapacity = 4;
    private const int KeptCapacity = 64;

    private object? _first;
    private object?[]? _rest;
    private int _head;
    private int _count;

    public readonly bool IsEmpty => _first is null;

    public readonly int Count => _first is null ? 0 : _count + 1;

    public void Enqueue(object item)
    {
        if (_first is null)
        {
            _first = item;
            return;
        }

        if (_rest is null) _rest = new object?[FirstCapacity];
        else if (_count == _rest.Length) Grow();
        _rest![(_head + _count) & (_rest.Length - 1)] = item;
        _count++;
    }

    public object? Dequeue()
    {
        var item = _first;
        if (_count == 0)
        {
            _first = null;
            return item;
        }

        _first = _rest![_head];
        _rest[_head] = null;
        _head = (_head + 1) & (_rest.Length - 1);
        if (--_count > 0) return item;
        _head = 0;
        if (_rest.Length > KeptCapacity) _rest = null;
        return item;
    }

    private void Grow()
    {
        var larger = new object?[_rest!.Length * 2];
        for (var i = 0; i < _count; i++) larger[i] = _rest[(_head + i) & (_rest.Length - 1)];
        _rest = larger;
        _head = 0;
    }
}
