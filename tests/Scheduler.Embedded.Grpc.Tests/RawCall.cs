using System.Buffers.Binary;
using System.Net;
using System.Net.Http.Headers;
using Google.Protobuf;
using Scheduler.Embedded.Grpc.Tests.Parcels;

namespace Scheduler.Embedded.Grpc.Tests;

/// <summary>A call put together byte by byte, and its answer as it stands on the wire.</summary>
internal static class RawCall
{
    public const string Service = "scheduler.tests.parcels.v1.ParcelService";

    public static byte[] Frame(Parcel parcel, byte flag = 0) => Frame(parcel.ToByteArray(), flag);

    public static byte[] Frame(byte[] payload, byte flag = 0)
    {
        var frame = new byte[5 + payload.Length];
        frame[0] = flag;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), payload.Length);
        payload.CopyTo(frame, 5);
        return frame;
    }

    public static async Task<RawAnswer> SendAsync(Uri address, string method, byte[] body, params (string Key, string Value)[] headers)
    {
        using var handler = new SocketsHttpHandler();
        using var client = new HttpMessageInvoker(handler);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(address, $"/{Service}/{method}"))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(body),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        request.Headers.TE.Add(new TransferCodingWithQualityHeaderValue("trailers"));
        foreach (var (key, value) in headers)
        {
            if (key == "content-type")
            {
                request.Content.Headers.Remove(key);
                request.Content.Headers.TryAddWithoutValidation(key, value);
            }
            else
            {
                request.Headers.TryAddWithoutValidation(key, value);
            }
        }

        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        var bytes = await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        return new RawAnswer(
            response.StatusCode,
            bytes,
            response.Headers.ToDictionary(header => header.Key, header => header.Value.First()),
            response.TrailingHeaders.ToDictionary(header => header.Key, header => header.Value.First()));
    }
}

/// <summary>What came back: gRPC's status is in the trailers or, when there were no messages, in the headers.</summary>
internal sealed record RawAnswer(
    HttpStatusCode HttpStatus, byte[] Body, Dictionary<string, string> Headers, Dictionary<string, string> Trailers)
{
    public bool IsTrailersOnly => Headers.ContainsKey("grpc-status");

    public string? Status => Trailers.GetValueOrDefault("grpc-status") ?? Headers.GetValueOrDefault("grpc-status");

    public string? Message => Trailers.GetValueOrDefault("grpc-message") ?? Headers.GetValueOrDefault("grpc-message");

    public List<Parcel> Messages
    {
        get
        {
            var messages = new List<Parcel>();
            for (var i = 0; i < Body.Length;)
            {
                var length = BinaryPrimitives.ReadInt32BigEndian(Body.AsSpan(i + 1));
                messages.Add(Parcel.Parser.ParseFrom(Body, i + 5, length));
                i += 5 + length;
            }

            return messages;
        }
    }
}
