using System.IO.Compression;
using Google.Protobuf;
using Grpc.Core;
using Scheduler.Embedded.Grpc.Tests.Parcels;

namespace Scheduler.Embedded.Grpc.Tests;

public sealed class CompressionTests
{
    private static readonly Parcel Compressible = new() { Label = "air", Ballast = ByteString.CopyFrom(new byte[100_000]) };

    [Fact]
    public async Task A_compressed_request_is_read()
    {
        await using var host = await ParcelHost.StartAsync(new Handlers());

        var answer = await RawCall.SendAsync(
            host.Address, "Send", RawCall.Frame(Gzip(Compressible.ToByteArray()), flag: 1), ("grpc-encoding", "gzip"));

        Assert.Equal("0", answer.Status);
        Assert.Equal(Compressible, Assert.Single(answer.Messages));
        Assert.Equal(0, answer.Body[0]);
    }

    [Fact]
    public async Task An_uncompressed_message_is_read_also_when_the_encoding_is_gzip()
    {
        await using var host = await ParcelHost.StartAsync(new Handlers());

        var answer = await RawCall.SendAsync(host.Address, "Send", RawCall.Frame(Compressible), ("grpc-encoding", "gzip"));

        Assert.Equal(Compressible, Assert.Single(answer.Messages));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_handler_is_told_how_long_the_message_was_that_was_parsed(bool isCompressed)
    {
        object? told = null;
        await using var host = await ParcelHost.StartAsync(new Handlers
        {
            Send = (parcel, context) =>
            {
                told = context.UserState["grpc-received-bytes"];
                return Task.FromResult(parcel);
            },
        });

        var frame = isCompressed ? RawCall.Frame(Gzip(Compressible.ToByteArray()), flag: 1) : RawCall.Frame(Compressible);
        await RawCall.SendAsync(host.Address, "Send", frame, ("grpc-encoding", "gzip"));

        Assert.Equal(Compressible.CalculateSize(), told);
    }

    [Theory]
    [InlineData("identity,gzip", 1)]
    [InlineData("identity", 0)]
    public async Task A_response_is_compressed_for_a_client_that_accepts_it(string accepted, int flag)
    {
        await using var host = await ParcelHost.StartAsync(new Handlers(), options => options.ResponseCompressionAlgorithm = "gzip");

        var answer = await RawCall.SendAsync(host.Address, "Send", RawCall.Frame(Compressible), ("grpc-accept-encoding", accepted));

        Assert.Equal("0", answer.Status);
        Assert.Equal(flag, answer.Body[0]);
        Assert.Equal(flag == 1, answer.Body.Length < 10_000);
        Assert.Equal(flag == 1 ? "gzip" : null, answer.Headers.GetValueOrDefault("grpc-encoding"));
    }

    [Fact]
    public async Task Compressed_messages_travel_both_ways_between_client_and_server()
    {
        string? encoding = null;
        await using var host = await ParcelHost.StartAsync(
            new Handlers
            {
                Exchange = async (parcels, echoes, context) =>
                {
                    encoding = context.RequestHeaders.GetValue("grpc-encoding");
                    await foreach (var parcel in parcels.ReadAllAsync())
                    {
                        echoes.WriteOptions = new WriteOptions(parcel.Count % 2 == 0 ? WriteFlags.NoCompress : default);
                        await echoes.WriteAsync(parcel);
                    }
                },
            },
            options =>
            {
                options.ResponseCompressionAlgorithm = "gzip";
                options.ResponseCompressionLevel = CompressionLevel.SmallestSize;
            });

        using var call = host.Client.Exchange(new Metadata { { "grpc-internal-encoding-request", "gzip" } });
        for (var i = 0; i < 10; i++)
        {
            var parcel = Compressible.Clone();
            parcel.Count = i;
            await call.RequestStream.WriteAsync(parcel);
            Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None));
            Assert.Equal(parcel, call.ResponseStream.Current);
        }

        Assert.Equal("gzip", encoding);
        await call.RequestStream.CompleteAsync();
        Assert.False(await call.ResponseStream.MoveNext(CancellationToken.None));
    }

    [Fact]
    public async Task An_empty_message_is_not_compressed()
    {
        await using var host = await ParcelHost.StartAsync(new Handlers(), options => options.ResponseCompressionAlgorithm = "gzip");

        var answer = await RawCall.SendAsync(host.Address, "Send", RawCall.Frame(new Parcel()), ("grpc-accept-encoding", "gzip"));

        Assert.Equal([0, 0, 0, 0, 0], answer.Body);
    }

    [Fact]
    public async Task A_message_that_swells_beyond_the_limit_is_refused_before_it_is_whole()
    {
        await using var host = await ParcelHost.StartAsync(new Handlers());
        var bomb = Gzip(new byte[64 * 1024 * 1024]);

        var answer = await RawCall.SendAsync(host.Address, "Send", RawCall.Frame(bomb, flag: 1), ("grpc-encoding", "gzip"));

        Assert.True(bomb.Length < 100_000);
        Assert.Equal("8", answer.Status);
    }

    [Fact]
    public async Task What_is_not_gzip_is_an_internal_error()
    {
        await using var host = await ParcelHost.StartAsync(new Handlers());

        var answer = await RawCall.SendAsync(host.Address, "Send", RawCall.Frame([1, 2, 3, 4], flag: 1), ("grpc-encoding", "gzip"));

        Assert.Equal("13", answer.Status);
    }

    private static byte[] Gzip(byte[] payload)
    {
        var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Optimal, leaveOpen: true))
        {
            gzip.Write(payload);
        }

        return compressed.ToArray();
    }
}
