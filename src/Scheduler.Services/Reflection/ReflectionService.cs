using Google.Protobuf.Reflection;
using Grpc.Core;
using Grpc.Reflection.V1;

namespace Scheduler.Services.Reflection;

/// <summary>grpc.reflection.v1: lets clients without our .proto files list, describe and call.</summary>
public sealed class ReflectionService(DescriptorBook book) : ServerReflection.ServerReflectionBase
{
    public override async Task ServerReflectionInfo(
        IAsyncStreamReader<ServerReflectionRequest> requestStream,
        IServerStreamWriter<ServerReflectionResponse> responseStream,
        ServerCallContext context)
    {
        while (await requestStream.MoveNext(context.CancellationToken))
        {
            var request = requestStream.Current;
            var response = Answer(request);
            response.ValidHost = request.Host;
            response.OriginalRequest = request;
            await responseStream.WriteAsync(response, context.CancellationToken);
        }
    }

    private ServerReflectionResponse Answer(ServerReflectionRequest request) => request.MessageRequestCase switch
    {
        ServerReflectionRequest.MessageRequestOneofCase.ListServices => ListServices(),
        ServerReflectionRequest.MessageRequestOneofCase.FileByFilename => File(book.ByName(request.FileByFilename), request.FileByFilename),
        ServerReflectionRequest.MessageRequestOneofCase.FileContainingSymbol =>
            File(book.BySymbol(request.FileContainingSymbol), request.FileContainingSymbol),
        ServerReflectionRequest.MessageRequestOneofCase.FileContainingExtension => Error(StatusCode.NotFound, "The protocol has no extensions."),
        ServerReflectionRequest.MessageRequestOneofCase.AllExtensionNumbersOfType => book.BySymbol(request.AllExtensionNumbersOfType) is null
            ? Error(StatusCode.NotFound, request.AllExtensionNumbersOfType)
            : new() { AllExtensionNumbersResponse = new ExtensionNumberResponse { BaseTypeName = request.AllExtensionNumbersOfType } },
        _ => Error(StatusCode.InvalidArgument, "No request."),
    };

    private ServerReflectionResponse ListServices()
    {
        var list = new ListServiceResponse();
        foreach (var name in book.Services) list.Service.Add(new ServiceResponse { Name = name });
        return new ServerReflectionResponse { ListServicesResponse = list };
    }

    private static ServerReflectionResponse File(FileDescriptor? file, string asked)
    {
        if (file is null) return Error(StatusCode.NotFound, asked);
        var response = new FileDescriptorResponse();
        response.FileDescriptorProto.AddRange(DescriptorBook.WithImports(file));
        return new ServerReflectionResponse { FileDescriptorResponse = response };
    }

    private static ServerReflectionResponse Error(StatusCode code, string message) =>
        new() { ErrorResponse = new ErrorResponse { ErrorCode = (int)code, ErrorMessage = message } };
}
