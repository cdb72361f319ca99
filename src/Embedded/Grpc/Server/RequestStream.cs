using Grpc.Core;
using Grpc.Wire;

namespace Grpc.AspNetCore.Server;

/// <summary>The messages of the client, read one at a time as the handler asks: what is not asked for stays with the client.</summary>
internal sealed class RequestStream<T>(ServerCall call, Marshaller<T> marshaller) : IAsyncStreamReader<T>
    where T : class
{
    private readonly MessageReader<T> _reader = call.CreateReader(marshaller);
    private T? _current;
    private bool _isAtEnd;
    private int _isReading;

    public T Current => _current ?? throw new InvalidOperationException("No message is available: MoveNext must have returned true.");

    public async Task<bool> MoveNext(CancellationToken cancellationToken)
    {
        if (_isAtEnd)
        {
            return false;
        }

        if (Interlocked.Exchange(ref _isReading, 1) == 1)
        {
            throw new InvalidOperationException("Can't read the next message because the previous read is still in progress.");
        }

        try
        {
            _current = await ReadAsync(cancellationToken);
            _isAtEnd = _current is null;
            return !_isAtEnd;
        }
        finally
        {
            Volatile.Write(ref _isReading, 0);
        }
    }

    private async ValueTask<T?> ReadAsync(CancellationToken cancellationToken)
    {
        if (!cancellationToken.CanBeCanceled || cancellationToken == call.CancellationToken)
        {
            return await _reader.ReadAsync(call.ReadCancellation);
        }

        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, call.ReadCancellation);
        return await _reader.ReadAsync(either.Token);
    }
}
