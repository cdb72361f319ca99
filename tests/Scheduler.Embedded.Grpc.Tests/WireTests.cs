using System.Net;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Scheduler.Embedded.Grpc.Tests.Parcels;

namespace Scheduler.Embedded.Grpc.Tests;

public sealed class WireTests
{
    private const string Internal = "13";
    private const string Unimplemented = "12";
    private const string ResourceExhausted = "8";

    [Fact]
    public async Task A_message_is_answered_with_headers_data_and_trailers()
    {
        await using var host = await ParcelHost.StartAsync(new Handlers());

        var answer = await RawCall.SendAsync(host.Address, "Send", RawCall.Frame(new Parcel { Label = "books" }));

        Assert.Equal(HttpStatusCode.OK, answer.HttpStatus);
        Assert.Equal("books", Assert.Single(answer.Messages).Label);
        Assert.Equal("0", answer.Trailers["grpc-status"]);
        Assert.False(answer.IsTrailersOnly);
    }

    [Fact]
    public async Task An_error_before_any_message_is_trailers_only()
    {
        await using var host = await ParcelHost.StartAsync(new Handlers
        {
            Send = (_, _) => throw new RpcException(new Status(StatusCode.NotFound, "é%")),
        });

        var answer = await RawCall.SendAsync(host.Address, "Send", RawCall.Frame(new Parcel()));

        Assert.True(answer.IsTrailersOnly);
        Assert.Equal(HttpStatusCode.OK, answer.HttpStatus);
        Assert.Equal("5", answer.Status);
        Assert.Equal("%C3%A9%25", answer.Message);
        Assert.Empty(answer.Body);
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("application/grpc-web")]
    [InlineData("text/plain")]
    public async Task Another_content_type_is_415(string contentType)
    {
        await using var host = await ParcelHost.StartAsync(new Handlers());

        var answer = await RawCall.SendAsync(host.Address, "Send", RawCall.Frame(new Parcel()), ("content-type", contentType));

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, answer.HttpStatus);
    }

    [Theory]
    [InlineData("application/grpc+proto")]
    [InlineData("application/grpc; charset=utf-8")]
    public async Task A_content_type_of_grpc_with_more_is_taken(string contentType)
    {
        await using var host = await ParcelHost.StartAsync(new Handlers());

        var answer = await RawCall.SendAsync(host.Address, "Send", RawCall.Frame(new Parcel()), ("content-type", contentType));

        Assert.Equal("0", answer.Status);
    }

    public static TheoryData<string, byte[], string> BadFrames => new()
    {
        { "no message", [], Internal },
        { "half a header", [0, 0, 0], Internal },
        { "half a message", [0, 0, 0, 0, 9, 1, 2], Internal },
        { "a flag of 2", RawCall.Frame(new Parcel(), flag: 2), Internal },
        { "compressed without an encoding", RawCall.Frame(new Parcel(), flag: 1), Internal },
        { "two messages", [.. RawCall.Frame(new Parcel()), .. RawCall.Frame(new Parcel())], Internal },
        { "bytes after the message", [.. RawCall.Frame(new Parcel()), 7], Internal },
        { "not protobuf", RawCall.Frame([255, 255, 255]), Internal },
        { "a length of 4 GiB", [0, 255, 255, 255, 255], ResourceExhausted },
    };

    [Theory]
    [MemberData(nameof(BadFrames))]
    public async Task A_bad_frame_ends_the_call(string what, byte[] body, string status)
    {
        var isCalled = false;
        await using var host = await ParcelHost.StartAsync(new Handlers
        {
            Send = (parcel, _) =>
            {
                isCalled = true;
                return Task.FromResult(parcel);
            },
        });

        var answer = await RawCall.SendAsync(host.Address, "Send", body);

        Assert.True(status == answer.Status, $"{what}: {answer.Status} {answer.Message}");
        Assert.False(isCalled);
        Assert.Equal(HttpStatusCode.OK, answer.HttpStatus);
    }

    [Fact]
    public async Task A_bad_frame_in_a_stream_ends_the_call_after_the_good_ones()
    {
        await using var host = await ParcelHost.StartAsync(new Handlers());

        var answer = await RawCall.SendAsync(
            host.Address, "Exchange", [.. RawCall.Frame(new Parcel { Label = "good" }), .. RawCall.Frame(new Parcel(), flag: 9)]);

        Assert.Equal("good", Assert.Single(answer.Messages).Label);
        Assert.Equal(Internal, answer.Status);
    }

    [Fact]
    public async Task An_unknown_message_encoding_is_unimplemented_and_told_what_is_known()
    {
        await using var host = await ParcelHost.StartAsync(new Handlers());

        var answer = await RawCall.SendAsync(
            host.Address, "Send", RawCall.Frame(new Parcel { Label = "books" }, flag: 1), ("grpc-encoding", "snappy"));

        Assert.Equal(Unimplemented, answer.Status);
        Assert.Equal("identity,gzip", answer.Headers["grpc-accept-encoding"]);
    }

    [Theory]
    [InlineData("soon")]
    [InlineData("S")]
    [InlineData("123456789S")]
    [InlineData("-1S")]
    public async Task A_malformed_timeout_is_an_error(string timeout)
    {
        await using var host = await ParcelHost.StartAsync(new Handlers());

        var answer = await RawCall.SendAsync(host.Address, "Send", RawCall.Frame(new Parcel()), ("grpc-timeout", timeout));

        Assert.Equal(Internal, answer.Status);
    }

    [Theory]
    [InlineData("AAH/", new byte[] { 0, 1, 255 })]
    [InlineData("AAE", new byte[] { 0, 1 })]
    [InlineData("AAE=", new byte[] { 0, 1 })]
    public async Task A_binary_header_may_be_padded_or_not(string text, byte[] expected)
    {
        byte[]? seen = null;
        await using var host = await ParcelHost.StartAsync(new Handlers
        {
            Send = (parcel, context) =>
            {
                seen = context.RequestHeaders.GetValueBytes("key-bin");
                return Task.FromResult(parcel);
            },
        });

        await RawCall.SendAsync(host.Address, "Send", RawCall.Frame(new Parcel()), ("key-bin", text));

        Assert.Equal(expected, seen!);
    }

    [Fact]
    public async Task A_binary_header_that_is_not_base64_is_an_error()
    {
        await using var host = await ParcelHost.StartAsync(new Handlers
        {
            Send = (parcel, context) => Task.FromResult(new Parcel { Count = context.RequestHeaders.Count }),
        });

        var answer = await RawCall.SendAsync(host.Address, "Send", RawCall.Frame(new Parcel()), ("key-bin", "*"));

        Assert.Equal(Internal, answer.Status);
    }

    [Fact]
    public async Task A_call_over_http_1_is_told_to_upgrade()
    {
        await using var host = await ParcelHost.StartAsync(
            new Handlers(), listen: kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1));
        using var client = new HttpClient();
        using var content = new ByteArrayContent(RawCall.Frame(new Parcel()));
        content.Headers.ContentType = new("application/grpc");

        using var response = await client.PostAsync(
            new Uri(host.Address, $"/{RawCall.Service}/Send"), content, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.UpgradeRequired, response.StatusCode);
        Assert.Equal("HTTP/2", response.Headers.Upgrade.Single().ToString());
    }

    [Fact]
    public async Task Binary_headers_may_share_a_line()
    {
        byte[][] seen = [];
        await using var host = await ParcelHost.StartAsync(new Handlers
        {
            Send = (parcel, context) =>
            {
                seen = [.. context.RequestHeaders.GetAll("key-bin").Select(entry => entry.ValueBytes)];
                return Task.FromResult(parcel);
            },
        });

        await RawCall.SendAsync(host.Address, "Send", RawCall.Frame(new Parcel()), ("key-bin", "AA,AQ=="));

        Assert.Equal([[0], [1]], seen);
    }

    [Fact]
    public async Task An_unknown_method_is_unimplemented()
    {
        await using var host = await ParcelHost.StartAsync(new Handlers());

        var answer = await RawCall.SendAsync(host.Address, "Burn", RawCall.Frame(new Parcel()));

        Assert.Equal(Unimplemented, answer.Status);
        Assert.Equal("Method is unimplemented.", answer.Message);
    }

    [Theory]
    [InlineData(400, StatusCode.Internal)]
    [InlineData(401, StatusCode.Unauthenticated)]
    [InlineData(403, StatusCode.PermissionDenied)]
    [InlineData(404, StatusCode.Unimplemented)]
    [InlineData(429, StatusCode.Unavailable)]
    [InlineData(503, StatusCode.Unavailable)]
    [InlineData(418, StatusCode.Unknown)]
    [InlineData(200, StatusCode.Unknown)]
    public async Task An_answer_that_is_not_of_grpc_is_given_a_status(int httpStatus, StatusCode expected)
    {
        await using var host = await ParcelHost.StartAsync(new Handlers(), app: app => app.Use(async (HttpContext http, RequestDelegate _) =>
        {
            http.Response.StatusCode = httpStatus;
            http.Response.ContentType = "text/html";
            await http.Response.WriteAsync("<p>no</p>");
        }));

        var refusal = await Assert.ThrowsAsync<RpcException>(() => host.Client.SendAsync(new Parcel()).ResponseAsync);

        Assert.Equal(expected, refusal.StatusCode);
    }

    [Fact]
    public async Task A_response_without_a_status_is_an_internal_error()
    {
        await using var host = await ParcelHost.StartAsync(new Handlers(), app: app => app.Use(async (HttpContext http, RequestDelegate _) =>
        {
            http.Response.ContentType = "application/grpc";
            await http.Response.Body.WriteAsync(RawCall.Frame(new Parcel()));
        }));

        var refusal = await Assert.ThrowsAsync<RpcException>(() => host.Client.SendAsync(new Parcel()).ResponseAsync);

        Assert.Equal(StatusCode.Internal, refusal.StatusCode);
    }

    [Theory]
    [InlineData(0x7, StatusCode.Unavailable)]
    [InlineData(0x8, StatusCode.Cancelled)]
    [InlineData(0xb, StatusCode.ResourceExhausted)]
    [InlineData(0xc, StatusCode.PermissionDenied)]
    [InlineData(0x2, StatusCode.Internal)]
    public async Task A_reset_stream_is_given_a_status(int errorCode, StatusCode expected)
    {
        await using var host = await ParcelHost.StartAsync(new Handlers
        {
            Unpack = async (_, parts, context) =>
            {
                await parts.WriteAsync(new Parcel());
                context.GetHttpContext().Features.Get<Microsoft.AspNetCore.Http.Features.IHttpResetFeature>()!.Reset(errorCode);
            },
        });

        using var call = host.Client.Unpack(new Parcel());
        var refusal = await Assert.ThrowsAsync<RpcException>(async () =>
        {
            while (await call.ResponseStream.MoveNext(CancellationToken.None))
            {
            }
        });

        Assert.Equal(expected, refusal.StatusCode);
    }

    [Fact]
    public async Task A_connection_that_breaks_is_unavailable()
    {
        await using var host = await ParcelHost.StartAsync(new Handlers
        {
            Unpack = async (_, parts, context) =>
            {
                await parts.WriteAsync(new Parcel());
                context.GetHttpContext().Features.Get<IConnectionLifetimeFeature>()!.Abort();
            },
        });

        using var call = host.Client.Unpack(new Parcel());
        var refusal = await Assert.ThrowsAsync<RpcException>(async () =>
        {
            while (await call.ResponseStream.MoveNext(CancellationToken.None))
            {
            }
        });

        Assert.Equal(StatusCode.Unavailable, refusal.StatusCode);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_unavailable()
    {
        var host = await ParcelHost.StartAsync(new Handlers());
        await host.App.StopAsync(CancellationToken.None);

        var refusal = await Assert.ThrowsAsync<RpcException>(() => host.Client.SendAsync(new Parcel()).ResponseAsync);

        Assert.Equal(StatusCode.Unavailable, refusal.StatusCode);
        Assert.IsType<HttpRequestException>(refusal.Status.DebugException);
        using var stream = host.Client.Pack();
        var write = await Assert.ThrowsAsync<RpcException>(() => stream.RequestStream.WriteAsync(new Parcel()));
        Assert.Equal(StatusCode.Unavailable, write.StatusCode);
        await host.DisposeAsync();
    }
}
